package dev.rpcboot.benchmark.report;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PageTests {

	@Test
	void replacesWhatStandsBetweenTheComments() {
		String page = "before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n";

		String written = Page.insert(page, "new\n");

		assertThat(written).isEqualTo("before\n<!-- figures -->\n\nnew\n\n<!-- /figures -->\nafter\n");
	}

	@Test
	void refusesAPageWithoutAPlaceForFigures() {
		assertThatIllegalArgumentException().isThrownBy(() -> Page.insert("nothing", "new"));
	}

}
