package dev.rpcboot.jsonrpc;

import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.rpcboot.call.ContractError;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcConfigurationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedMethod;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.ser.bean.BeanSerializerBase;

/**
 * Looks at start through the types of a method as Jackson sees them, down to every
 * property that is read or written, and refuses {@link RefusedTypes}, those whose
 * subtypes would be named on the wire by their classes, and those that no JSON can be
 * decoded to.
 */
final class WireTypes {

	private final ContractMethod method;

	private final RefusedTypes refused;

	private final JsonMapper mapper;

	private final DeserializationConfig config;

	private final ClassIntrospector introspector;

	private final Set<JavaType> seen = new HashSet<>();

	private WireTypes(JsonRpcMapper mapper, ContractMethod method) {
		this.method = method;
		this.refused = new RefusedTypes(method);
		this.mapper = mapper.mapper();
		this.config = this.mapper.deserializationConfig();
		this.introspector = this.config.classIntrospectorInstance();
	}

	static void check(JsonRpcMapper mapper, ContractMethod method) {
		WireTypes types = new WireTypes(mapper, method);
		method.parameters().forEach((parameter) -> types.check("parameter " + parameter.name(), parameter.type()));
		types.check("result", method.resultType());
		for (ContractError error : method.errors()) {
			for (ContractError.Parameter parameter : error.parameters()) {
				if (parameter instanceof ContractError.Parameter.Attribute attribute) {
					types.check(error.exceptionType().getSimpleName() + "." + attribute.name(), attribute.type());
				}
			}
		}
	}

	private void check(String place, Type type) {
		check(place, this.mapper.constructType(type));
	}

	private void check(String place, @Nullable JavaType type) {
		if (type == null || !this.seen.add(type)) {
			return;
		}
		this.refused.check(place, type);
		for (int i = 0; i < type.containedTypeCount(); i++) {
			check(place, type.containedType(i));
		}
		check(place, type.getContentType());
		if (type.isPrimitive() || type.isContainerType()) {
			return;
		}
		AnnotatedClass annotated = this.introspector.introspectClassAnnotations(type);
		refuseClassNames(annotated, type.toCanonical());
		for (NamedType subtype : this.config.getSubtypeResolver()
			.collectAndResolveSubtypesByClass(this.config, annotated)) {
			// the type is one of them itself, and long one of Long
			if (type.isTypeOrSuperTypeOf(subtype.getType())) {
				check(place, this.config.getTypeFactory().constructSpecializedType(type, subtype.getType()));
			}
		}
		refuseUndecodable(type, annotated);
		checkProperties(type, annotated);
	}

	/**
	 * Looks at what is read and written as a bean, which a type of the JDK seldom is.
	 */
	private void checkProperties(JavaType type, AnnotatedClass annotated) {
		if (this.mapper._deserializationContext()
			.findNonContextualValueDeserializer(type) instanceof BeanDeserializerBase bean) {
			bean.properties()
				.forEachRemaining((property) -> checkProperty(type, property.getName(), property.getType(),
						property.getMember()));
			ValueInstantiator instantiator = bean.getValueInstantiator();
			check(type.toCanonical(), instantiator.getDelegateType(this.config));
			check(type.toCanonical(), instantiator.getArrayDelegateType(this.config));
			AnnotatedMember any = this.introspector.introspectForDeserialization(type, annotated)
				.findAnySetterAccessor();
			if (any != null) {
				checkProperty(type, any.getName(),
						(any instanceof AnnotatedMethod setter) ? setter.getParameterType(1) : any.getType(), any);
			}
		}
		if (this.mapper._serializationContext().findValueSerializer(type) instanceof BeanSerializerBase bean) {
			bean.properties()
				.forEachRemaining((property) -> checkProperty(type, property.getName(), property.getType(),
						property.getMember()));
		}
	}

	private void checkProperty(JavaType bean, String name, JavaType type, @Nullable AnnotatedMember member) {
		if (member != null) {
			refuseClassNames(member, bean.toCanonical() + "." + name);
		}
		check(bean.getRawClass().getSimpleName() + "." + name, type);
	}

	/**
	 * Refuses types that leave open which of their subtypes a JSON value is.
	 */
	private void refuseUndecodable(JavaType type, AnnotatedClass annotated) {
		ValueDeserializer<?> deserializer;
		try {
			deserializer = this.mapper._deserializationContext().findRootValueDeserializer(type);
		}
		catch (JacksonException ex) {
			// a property may say better what is wrong
			this.introspector.introspectForDeserialization(type, annotated)
				.findProperties()
				.forEach((property) -> checkProperty(type, property.getName(), property.getPrimaryType(),
						property.getPrimaryMember()));
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
		JsonTypeInfo.Value typeInfo = this.config.getAnnotationIntrospector()
			.findPolymorphicTypeInfo(this.config, annotated);
		if (typeInfo != null && (typeInfo.getIdType() == JsonTypeInfo.Id.CLASS
				|| typeInfo.getIdType() == JsonTypeInfo.Id.MINIMAL_CLASS)) {
			throw new RpcConfigurationException(
					place + ", which " + this.method.method().toGenericString()
							+ " uses, would take class names from the wire.",
					"Use @JsonTypeInfo(use = JsonTypeInfo.Id.NAME), and @JsonTypeName on the subtypes.");
		}
	}

}
