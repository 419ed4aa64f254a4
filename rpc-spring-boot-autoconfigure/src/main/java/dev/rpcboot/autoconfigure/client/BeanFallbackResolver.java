package dev.rpcboot.autoconfigure.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.FallbackResolver;
import dev.rpcboot.client.RpcFallback;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Finds fallbacks among the bean definitions. A bean is created no sooner than it has to
 * stand in, so that it may itself call references. Safe for concurrent use.
 */
final class BeanFallbackResolver implements FallbackResolver {

	private static final String NONE = "";

	private final ListableBeanFactory beanFactory;

	private final Map<Reference, String> names = new ConcurrentHashMap<>();

	BeanFallbackResolver(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public @Nullable Object fallback(Class<?> contract, String target) {
		Reference reference = new Reference(contract, target);
		String name = this.names.get(reference);
		if (name == null) {
			name = find(reference);
			this.names.put(reference, name);
		}
		return name.equals(NONE) ? null : this.beanFactory.getBean(name);
	}

	/**
	 * Refuses two fallbacks for the same target, and two for all targets.
	 */
	void check(Reference reference) {
		find(reference);
	}

	private String find(Reference reference) {
		List<String> forTarget = new ArrayList<>();
		List<String> forAll = new ArrayList<>();
		for (String name : BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, reference.contract(),
				true, false)) {
			RpcFallback fallback = this.beanFactory.findAnnotationOnBean(name, RpcFallback.class, false);
			if (fallback != null && fallback.target().equals(reference.target())) {
				forTarget.add(name);
			}
			else if (fallback != null && fallback.target().isEmpty()) {
				forAll.add(name);
			}
		}
		String ofTarget = only(reference, forTarget);
		String ofAll = only(reference, forAll);
		return ofTarget.equals(NONE) ? ofAll : ofTarget;
	}

	private static String only(Reference reference, List<String> names) {
		if (names.size() > 1) {
			throw new RpcConfigurationException(
					"The beans " + String.join(" and ", names) + " are both fallbacks for " + reference + ".",
					"Remove @RpcFallback from all but one, or give each a target of its own with"
							+ " @RpcFallback(target = \"…\").");
		}
		return names.isEmpty() ? NONE : names.get(0);
	}

}
