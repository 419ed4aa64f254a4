package dev.rpcboot.client.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import dev.rpcboot.client.RpcInstance;
import org.jspecify.annotations.Nullable;

/**
 * Which members of a target are called, as of the last change. Immutable but for what is
 * known of each member. A member may be there several times, as an instance of a greater
 * weight is.
 *
 * @param preferred those to choose from first
 * @param usable those to choose from
 * @param out those that are only probed
 * @param all all of them
 */
@SuppressWarnings("ArrayRecordComponent")
record Rotation(Member[] preferred, Member[] usable, Member[] out, Member[] all) {

	static final Rotation EMPTY = of(List.of(), null, 0);

	/**
	 * Decides on them.
	 * @param zone that of this application, whose members come first, or {@code null}
	 * @param maxEjected percentage of them that may be ejected; if more would be, all are
	 * called
	 */
	static Rotation of(List<Member> members, @Nullable String zone, int maxEjected) {
		List<Member> staying = those(members, (member) -> member.health().state() != Health.State.DRAINING);
		if (staying.isEmpty()) {
			staying = members;
		}
		List<Member> fit = those(staying, Member::isFit);
		int ejected = those(members, (member) -> member.health().state() == Health.State.EJECTED).size();
		List<Member> usable = (fit.isEmpty() || ejected * 100 > members.size() * maxEjected) ? staying : fit;
		List<Member> near = those(usable, (member) -> member.isIn(zone));
		List<Member> preferred = near.stream().anyMatch(Member::isFit) ? near : usable;
		List<Member> out = those(members, (member) -> !usable.contains(member));
		return new Rotation(array(preferred), array(usable), array(out), array(members));
	}

	boolean isEmpty() {
		return this.all.length == 0;
	}

	/**
	 * Those to choose from for a call that was tried at some already: others where there
	 * are others, even if they are not fit.
	 * @param path path of instances that do not publish another
	 * @param mustDiffer whether only others will do, and only those that are fit
	 * @return empty if there is none
	 */
	Member[] avoiding(List<RpcInstance> tried, String path, boolean mustDiffer) {
		if (tried.isEmpty()) {
			return this.preferred;
		}
		for (Member[] some : List.of(this.preferred, this.usable, this.all)) {
			List<Member> others = those(List.of(some), (member) -> member.isOther(tried, path));
			if (!others.isEmpty() && (some != this.all || !mustDiffer)) {
				return array(others);
			}
		}
		return mustDiffer ? EMPTY.all : this.preferred;
	}

	private static List<Member> those(List<Member> members, Predicate<Member> condition) {
		List<Member> those = new ArrayList<>(members.size());
		for (Member member : members) {
			if (condition.test(member)) {
				those.add(member);
			}
		}
		return those;
	}

	private static Member[] array(List<Member> members) {
		return members.toArray(Member[]::new);
	}

}
