package dev.rpcboot.jsonrpc;

import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcConfigurationException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Looks at start through the types of a method as Jackson sees them, and refuses those
 * whose subtypes would be named on the wire by their classes, and those that no JSON can
 * be decoded to.
 */
final class WireTypes {

	private final ContractMethod method;

	private final JsonMapper mapper;

	private final DeserializationConfig config;

	private final ClassIntrospector introspector;

	private final AnnotationIntrospector annotations;

	private final Set<JavaType> seen = new HashSet<>();

	private WireTypes(JsonRpcMapper mapper, ContractMethod method) {
		this.method = method;
		this.mapper = mapper.mapper();
		this.config = this.mapper.deserializationConfig();
		this.introspector = this.config.classIntrospectorInstance();
		this.annotations = this.config.getAnnotationIntrospector();
	}

	static void check(JsonRpcMapper mapper, ContractMethod method) {
		WireTypes types = new WireTypes(mapper, method);
		method.parameters().forEach((parameter) -> types.check(mapper.mapper().constructType(parameter.type())));
		types.check(mapper.mapper().constructType(method.resultType()));
	}

	private void check(JavaType type) {
		if (!this.seen.add(type)) {
			return;
		}
		for (int i = 0; i < type.containedTypeCount(); i++) {
			check(type.containedType(i));
		}
		if (type.getContentType() != null) {
			check(type.getContentType());
		}
		if (type.isPrimitive() || type.isContainerType() || type.getRawClass().getName().startsWith("java.")) {
			return;
		}
		AnnotatedClass annotated = this.introspector.introspectClassAnnotations(type);
		refuseClassNames(annotated, type.toCanonical());
		for (NamedType subtype : this.config.getSubtypeResolver()
			.collectAndResolveSubtypesByClass(this.config, annotated)) {
			check(this.config.constructType(subtype.getType()));
		}
		for (BeanPropertyDefinition property : this.introspector.introspectForDeserialization(type, annotated)
			.findProperties()) {
			AnnotatedMember member = property.getPrimaryMember();
			if (member != null) {
				refuseClassNames(member, type.toCanonical() + "." + property.getName());
			}
			check(property.getPrimaryType());
		}
		refuseUndecodable(type);
	}

	/**
	 * Refuses types that leave open which of their subtypes a JSON value is.
	 */
	private void refuseUndecodable(JavaType type) {
		ValueDeserializer<?> deserializer;
		try {
			deserializer = this.mapper._deserializationContext().findRootValueDeserializer(type);
		}
		catch (JacksonException ex) {
			throw new RpcConfigurationException(
					type.toCanonical() + ", which " + this.method.method().toGenericString()
							+ " uses, cannot be decoded: " + ex.getOriginalMessage() + ".",
					"Use a record, or teach the mapper with a RpcJsonMapperCustomizer bean.");
		}
		if (deserializer instanceof AbstractDeserializer) {
			throw new RpcConfigurationException(
					type.toCanonical() + ", which " + this.method.method().toGenericString()
							+ " uses, is abstract and does not say how its subtypes are told apart.",
					"Use a record, or @JsonTypeInfo(use = JsonTypeInfo.Id.NAME) on a sealed type, with @JsonTypeName"
							+ " on its subtypes.");
		}
	}

	private void refuseClassNames(Annotated annotated, String place) {
		JsonTypeInfo.Value typeInfo = this.annotations.findPolymorphicTypeInfo(this.config, annotated);
		if (typeInfo != null && (typeInfo.getIdType() == JsonTypeInfo.Id.CLASS
				|| typeInfo.getIdType() == JsonTypeInfo.Id.MINIMAL_CLASS)) {
			throw new RpcConfigurationException(
					place + ", which " + this.method.method().toGenericString()
							+ " uses, would take class names from the wire.",
					"Use @JsonTypeInfo(use = JsonTypeInfo.Id.NAME), and @JsonTypeName on the subtypes.");
		}
	}

}
