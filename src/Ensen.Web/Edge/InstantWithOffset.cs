using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ensen.Web.Edge;

/// <summary>
/// An instant in JSON that a request names: RFC 3339, so with seconds and its offset. Without one it would be read in the zone in which the
/// server happens to stand.
/// </summary>
sealed class InstantWithOffset : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: >= 20 } text
        && (text[^1] == 'Z' || text[^6] is '+' or '-') && reader.TryGetDateTimeOffset(out var instant)
            ? instant : throw new JsonException("not an instant with its offset");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
