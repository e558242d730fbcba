using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ensen.Basics;

/// <summary>A typed id, whatever its type.</summary>
public interface ITypedId
{
    Guid Value { get; }
}

/// <summary>
/// An id that says in its type what it names, so that a store's cannot stand where a member's is asked for. It is 128 bits as every id
/// (<see cref="Id"/>) and is written with its prefix. Where an id of any kind is asked for (the ledger's owners) it becomes a
/// <see cref="Guid"/> by itself: each type says so with an operator.
/// </summary>
/// <typeparam name="TSelf">The id's own type.</typeparam>
public interface ITypedId<TSelf> : ITypedId, IComparable<TSelf>, IFormattable where TSelf : struct, ITypedId<TSelf>
{
    /// <summary>What the id begins with outside: three letters (<c>mbr</c> in <c>mbr_01k…</c>).</summary>
    static abstract string Prefix { get; }

    static abstract TSelf Of(Guid value);

    /// <summary>An id has one text. A format (<c>{id:N}</c>) is a mistake that would change what is hashed, so it throws.</summary>
    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => string.IsNullOrEmpty(format)
        ? Id.Format(TSelf.Prefix, Value)
        : throw new FormatException($"{typeof(TSelf).Name} has no format {format}.");

    int IComparable<TSelf>.CompareTo(TSelf other) => Value.CompareTo(other.Value);
}

/// <summary>A typed id in JSON is its text, with the prefix; a text with another prefix is refused.</summary>
public sealed class TypedIdJson<TId> : JsonConverter<TId> where TId : struct, ITypedId<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Id.TryParse(reader.GetString(), out TId id) ? id : throw new JsonException($"No id that begins with {TId.Prefix}.");

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Id.Format(TId.Prefix, value.Value));
}
