package dev.rpcboot.benchmark.report;

import java.io.StringReader;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

class BarChartTests {

	@Test
	void isWellFormedWithABarForEachRow() throws Exception {
		String svg = BarChart.svg("a & b", Map.of("one <", 1.0, "two", 2.0));

		Document document = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new InputSource(new StringReader(svg)));

		assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(2);
	}

}
