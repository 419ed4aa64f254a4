package dev.rpcboot.faults.proxy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which faults exchanges meet with.
 *
 * @param probability share of the exchanges that meet with one
 * @param faults of which each is as likely as the others; none that hits the whole port
 */
public record FaultMix(double probability, List<Fault> faults) {

	/** No exchange meets with a fault. */
	public static final FaultMix NONE = new FaultMix(0, List.of(Fault.PASS));

	public FaultMix {
		faults = List.copyOf(faults);
		if (faults.isEmpty() || faults.stream().anyMatch(Fault::hitsPort)) {
			throw new IllegalArgumentException(faults + " cannot be done to single exchanges; see FaultyProxy.set");
		}
	}

	/**
	 * Every exchange meets with the fault.
	 */
	public static FaultMix always(Fault fault) {
		return new FaultMix(1, List.of(fault));
	}

	/**
	 * Some exchanges meet with a fault, which may be any that is honest.
	 */
	public static FaultMix any(double probability) {
		Set<Fault> faults = EnumSet.allOf(Fault.class);
		faults.removeIf((fault) -> fault == Fault.PASS || fault.hitsPort() || !fault.isHonest());
		return new FaultMix(probability, List.copyOf(faults));
	}

	Fault next(RandomGenerator random) {
		return (random.nextDouble() < this.probability) ? this.faults.get(random.nextInt(this.faults.size()))
				: Fault.PASS;
	}

}
