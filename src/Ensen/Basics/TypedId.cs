using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ensen.Basics;

/// <summary>
/// An id that says in its type what it names, so that a store's cannot stand where a member's is asked for. It is 128 bits as every id
/// (<see cref="Id"/>), is an id of any kind where one is asked for (the ledger's owners), and is written with its prefix.
/// </summary>
/// <typeparam name="TSelf">The id's own type.</typeparam>
public interface ITypedId<TSelf> : IComparable<TSelf> where TSelf : struct, ITypedId<TSelf>
{
    /// <summary>What the id begins with outside: three letters (<c>mbr</c> in <c>mbr_01k…</c>).</summary>
    static abstract string Prefix { get; }

    static abstract TSelf Of(Guid value);

    Guid Value { get; }

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
