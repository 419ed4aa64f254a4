package dev.rpcboot.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * One request of the vectors and what is expected of its answer.
 */
record ConformanceVector(JsonNode json) {

	static List<ConformanceVector> all() {
		try (InputStream in = ConformanceVector.class.getResourceAsStream("/conformance/vectors.json")) {
			List<ConformanceVector> vectors = new ArrayList<>();
			JsonMapper.builder().build().readTree(in).forEach((json) -> vectors.add(new ConformanceVector(json)));
			return vectors;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String name() {
		return this.json.get("name").asString();
	}

	JsonNode get(String member) {
		JsonNode value = this.json.get(member);
		return (value != null) ? value : MissingNode.getInstance();
	}

	RawHttp.Request request(String path) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Content-Type", "application/json");
		get("headers").properties().forEach((header) -> {
			if (header.getValue().isNull()) {
				headers.remove(header.getKey());
			}
			else {
				headers.put(header.getKey(), header.getValue().asString());
			}
		});
		return new RawHttp.Request(get("httpMethod").asString("POST"),
				path + get("pathSuffix").asString("") + get("query").asString(""), headers, body());
	}

	byte[] body() {
		byte[] body = plainBody();
		if (!get("gzip").asBoolean(false)) {
			return body;
		}
		ByteArrayOutputStream zipped = new ByteArrayOutputStream();
		try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
			out.write(body);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return zipped.toByteArray();
	}

	private byte[] plainBody() {
		if (get("requestBase64").isString()) {
			return Base64.getDecoder().decode(get("requestBase64").asString());
		}
		if (!get("requestGen").isArray()) {
			return get("request").isString() ? get("request").asString().getBytes(StandardCharsets.UTF_8) : new byte[0];
		}
		StringBuilder body = new StringBuilder();
		for (JsonNode part : get("requestGen")) {
			for (int i = 0; i < part.path("times").asInt(1); i++) {
				String text = part.get("text").asString();
				body.append(part.path("counter").asBoolean(false) ? text.replace("%d", Integer.toString(i)) : text);
			}
		}
		return body.toString().getBytes(StandardCharsets.UTF_8);
	}

	JsonNode expectedStatus(HttpStatusMode mode) {
		JsonNode byMode = get("statusByMode").path(mode.name().toLowerCase());
		return (mode != HttpStatusMode.HYBRID && !byMode.isMissingNode()) ? byMode : get("expectStatus");
	}

	@Override
	public String toString() {
		return name();
	}

}
