package dev.rpcboot.server;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the calls of one request come from: what they have in common beside their body.
 */
final class CallSource {

	private static final Logger logger = LoggerFactory.getLogger(CallSource.class);

	private static final Pattern EVENTS = Pattern
		.compile("(^|,)\\s*text/event-stream\\s*(,|$|;(?!\\s*q=0(\\.0*)?\\s*(,|$)))", Pattern.CASE_INSENSITIVE);

	private final Admission.Admitted request;

	private final @Nullable Principal principal;

	private final @Nullable Object reactorContext;

	private final AnswerBudget budget;

	// most callers stay, and most calls do not ask
	private @Nullable List<Runnable> leaving;

	private volatile boolean left;

	private volatile boolean replay;

	private final boolean part;

	private @Nullable RpcHeaders headers;

	private @Nullable RpcMetadata metadata;

	CallSource(Admission.Admitted request, @Nullable Principal principal, @Nullable Object reactorContext,
			long maxAnswerSize) {
		// a single answer has no comma behind it; the brackets of a batch are not counted
		this(request, principal, reactorContext, new AnswerBudget(maxAnswerSize + 1), false);
	}

	private CallSource(Admission.Admitted request, @Nullable Principal principal, @Nullable Object reactorContext,
			AnswerBudget budget, boolean part) {
		this.request = request;
		this.principal = principal;
		this.reactorContext = reactorContext;
		this.budget = budget;
		this.part = part;
	}

	/**
	 * A source for one of several calls that travelled together: it has its own head, and
	 * can be left alone.
	 * @param own the headers that are its own, in the head already
	 */
	CallSource part(Admission.Admitted call, RpcHeaders own) {
		CallSource part = new CallSource(call, this.principal, this.reactorContext, this.budget, true);
		part.headers = headers().with(own);
		return part;
	}

	/**
	 * Whether it is of one of several calls that travelled together, so that its head has
	 * what the head of the request has not.
	 */
	boolean isPart() {
		return this.part;
	}

	ExportedService service() {
		return this.request.service();
	}

	RequestHead head() {
		return this.request.head();
	}

	/**
	 * Whether the caller reads Server-Sent Events; it has to say so by that name.
	 */
	boolean acceptsEvents() {
		return this.request.head().values("Accept").stream().anyMatch((value) -> EVENTS.matcher(value).find());
	}

	/**
	 * Whether the caller says that it sends calls of several callers of its own.
	 */
	boolean isCoalesced() {
		return !this.request.head().values(RpcHeaders.COALESCED).isEmpty();
	}

	/**
	 * Whether the caller wants to know if it may send others with such a call.
	 */
	boolean asksForOthers() {
		return !this.part && isCoalesced();
	}

	/**
	 * Says that the caller has gone, or has cancelled the request.
	 */
	void leave() {
		List<Runnable> told;
		synchronized (this) {
			this.left = true;
			told = this.leaving;
			this.leaving = null;
		}
		if (told != null) {
			told.forEach(CallSource::tell);
		}
	}

	/**
	 * Whether nothing more should be started for the request.
	 */
	boolean isLeft() {
		return this.left;
	}

	/**
	 * Runs an action when the caller leaves, or now if it has left.
	 */
	void onLeave(Runnable action) {
		synchronized (this) {
			if (!this.left) {
				if (this.leaving == null) {
					this.leaving = new ArrayList<>(2);
				}
				this.leaving.add(action);
				return;
			}
		}
		tell(action);
	}

	/**
	 * Forgets an action, so that it is not kept longer than what it is for: a batch has
	 * many calls.
	 */
	synchronized void forget(Runnable action) {
		if (this.leaving != null) {
			this.leaving.remove(action);
		}
	}

	private static void tell(Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			// user code: a future of a bean may refuse to be cancelled, and others are to
			// be told
			logger.warn("What a caller left could not be cancelled", ex);
		}
	}

	/**
	 * A source for work that goes on when the request is answered: from the same caller,
	 * who can neither leave it nor cancel it any more.
	 */
	CallSource detached(Deadline deadline) {
		return new CallSource(new Admission.Admitted(service(), head(), deadline), this.principal, this.reactorContext,
				this.budget.left());
	}

	/**
	 * Says that the answer was given before.
	 */
	void replayed() {
		this.replay = true;
	}

	boolean isReplay() {
		return this.replay;
	}

	AnswerBudget budget() {
		return this.budget;
	}

	Deadline deadline() {
		return this.request.deadline();
	}

	@Nullable Principal principal() {
		return this.principal;
	}

	/**
	 * The Reactor context under which the request came, if it came through Reactor; typed
	 * so that this works where Reactor is absent.
	 */
	@Nullable Object reactorContext() {
		return this.reactorContext;
	}

	/**
	 * The readable headers, put together when they are first asked for, which most calls
	 * never do. Two threads may do it at once; what they see is equal.
	 */
	RpcHeaders headers() {
		RpcHeaders headers = this.headers;
		if (headers == null) {
			headers = this.request.head().readable();
			this.headers = headers;
		}
		return headers;
	}

	/**
	 * The metadata among them, as lazily.
	 */
	RpcMetadata metadata() {
		RpcMetadata metadata = this.metadata;
		if (metadata == null) {
			metadata = RpcMetadata.in(headers());
			this.metadata = metadata;
		}
		return metadata;
	}

}
