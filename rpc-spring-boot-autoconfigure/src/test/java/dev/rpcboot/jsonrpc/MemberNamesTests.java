package dev.rpcboot.jsonrpc;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which member comes twice.
 */
class MemberNamesTests {

	private final MemberNames names = new MemberNames();

	@Test
	void knowsANameInItsOwnObjectAlone() {
		this.names.open();
		assertThat(this.names.add("a")).isTrue();
		this.names.open();
		assertThat(this.names.add("a")).isTrue();
		assertThat(this.names.add("a")).isFalse();
		this.names.close();

		assertThat(this.names.add("b")).isTrue();
		assertThat(this.names.add("a")).isFalse();
	}

	@Test
	void forgetsTheNamesOfAnObjectThatIsLeft() {
		for (int i = 0; i < 3; i++) {
			this.names.open();
			assertThat(this.names.add("a")).isTrue();
			this.names.close();
		}
	}

	@Test
	void knowsAllOfManyNamesInObjectsWithinObjects() {
		for (int depth = 0; depth < 20; depth++) {
			this.names.open();
			for (int i = 0; i < 100; i++) {
				assertThat(this.names.add("name" + i)).isTrue();
			}
		}
		for (int depth = 0; depth < 20; depth++) {
			for (int i = 0; i < 100; i++) {
				assertThat(this.names.add("name" + i)).isFalse();
			}
			assertThat(this.names.add("other")).isTrue();
			this.names.close();
		}
	}

}
