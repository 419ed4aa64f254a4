package dev.rpcboot.benchmark.report;

import java.util.function.ToDoubleFunction;

import dev.rpcboot.benchmark.load.Figures;

/**
 * One figure of a row that is compared with the same of others.
 */
enum Measure {

	CALLS("calls/s", true, Figures::callsPerSecond),

	P50("p50", false, Figures::p50),

	P99("p99", false, Figures::p99),

	CPU("CPU", false, Figures::cpu);

	private final String title;

	private final boolean moreIsBetter;

	private final ToDoubleFunction<Figures> figure;

	Measure(String title, boolean moreIsBetter, ToDoubleFunction<Figures> figure) {
		this.title = title;
		this.moreIsBetter = moreIsBetter;
		this.figure = figure;
	}

	String title() {
		return this.title + (this.moreIsBetter ? " ↑" : " ↓");
	}

	double of(Figures figures) {
		return this.figure.applyAsDouble(figures);
	}

	double ratio(Figures ours, Figures theirs) {
		return of(ours) / of(theirs);
	}

	boolean isBehind(double ratio) {
		return this.moreIsBetter ? ratio < 1 : ratio > 1;
	}

}
