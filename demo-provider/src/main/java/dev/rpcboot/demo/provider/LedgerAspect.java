package dev.rpcboot.demo.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.rpcboot.call.InboundCall;
import dev.rpcboot.demo.api.OutOfStockException;
import dev.rpcboot.demo.api.UnknownSkuException;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Writes one line for every execution of an exported method, so that it can be proven
 * from outside which process ran what, how often, and what it answered:
 * {@code <pid> <Service/method>(<arguments>) -> <outcome>}, for a stream when it is
 * closed. Without {@code demo.ledger} nothing is written.
 */
@Aspect
@Component
class LedgerAspect {

	private final String ledger;

	LedgerAspect(@Value("${demo.ledger:}") String ledger) {
		this.ledger = ledger;
	}

	@Around("@within(dev.rpcboot.server.RpcService)")
	Object record(ProceedingJoinPoint execution) throws Throwable {
		try {
			Object result = execution.proceed();
			if (result instanceof Stream<?> stream) {
				return recorded(execution, stream);
			}
			write(execution, (result instanceof List<?> list) ? list.size() + " articles" : String.valueOf(result));
			return result;
		}
		catch (OutOfStockException ex) {
			write(execution, "OutOfStockException[sku=" + ex.sku() + ", left=" + ex.left() + "]");
			throw ex;
		}
		catch (UnknownSkuException ex) {
			write(execution, "UnknownSkuException[sku=" + ex.sku() + "]");
			throw ex;
		}
		catch (Exception ex) {
			write(execution, ex.toString());
			throw ex;
		}
	}

	/**
	 * Writes when the stream is closed, how many items were taken from it.
	 */
	private Stream<?> recorded(ProceedingJoinPoint execution, Stream<?> stream) {
		AtomicLong taken = new AtomicLong();
		return stream.peek((item) -> taken.incrementAndGet()).onClose(() -> {
			try {
				write(execution, "closed after " + taken + " items");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	/**
	 * Who asked, where the caller's metadata says so.
	 */
	private static String clerk() {
		InboundCall call = InboundCall.current();
		String clerk = (call != null) ? call.metadata().get("clerk") : null;
		return (clerk != null) ? ", asked by " + clerk : "";
	}

	private void write(ProceedingJoinPoint execution, String outcome) throws IOException {
		if (this.ledger.isEmpty()) {
			return;
		}
		String line = "%d StockService/%s(%s) -> %s%s%n".formatted(ProcessHandle.current().pid(),
				execution.getSignature().getName(),
				Arrays.stream(execution.getArgs()).map(String::valueOf).collect(Collectors.joining(", ")), outcome,
				clerk());
		// opened for every line: what was written survives a killed process
		Files.writeString(Path.of(this.ledger), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
