using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ensen.Ui;

/// <summary>An amount in JSON: a whole number written as digits. A fraction, an exponent, a text or null is not an amount.</summary>
public sealed class WholeAmount : JsonConverter<long>
{
    public override bool HandleNull => true;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var amount) ? amount : throw new NotAnAmountException();

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>What stood where an amount was expected is none.</summary>
public sealed class NotAnAmountException() : JsonException("not an amount");
