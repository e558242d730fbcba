using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ensen.Web.Api;

/// <summary>
/// 201 with what was made, written with its length in one piece: the answer to a payment, of which there are thousands a second.
/// </summary>
sealed class Made<T>(string location, T value, JsonTypeInfo<T> json) : IResult, IStatusCodeHttpResult
{
    // The same letters as every other answer has: Japanese as itself.
    static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    static (ArrayBufferWriter<byte> Text, Utf8JsonWriter Json)? s_own;

    public int? StatusCode => StatusCodes.Status201Created;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (text, writer) = s_own ??= Own();
        text.ResetWrittenCount();
        writer.Reset();
        JsonSerializer.Serialize(writer, value, json);
        writer.Flush();

        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = location;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = text.WrittenCount;
        response.BodyWriter.Write(text.WrittenSpan);
        return Task.CompletedTask;
    }

    static (ArrayBufferWriter<byte> Text, Utf8JsonWriter Json) Own()
    {
        var text = new ArrayBufferWriter<byte>(512);
        return (text, new Utf8JsonWriter(text, s_options));
    }
}
