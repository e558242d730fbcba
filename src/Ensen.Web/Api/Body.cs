using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Ensen.Ui;
using Ensen.Web.Edge;
using Microsoft.AspNetCore.Http.Metadata;

namespace Ensen.Web.Api;

/// <summary>
/// A request's JSON body, read strictly. What cannot be read is not an exception but a problem with the contract's code: what is no
/// amount is <c>invalid_amount</c>, everything else <c>invalid_request</c>. No more than <see cref="MostBytes"/> are ever looked at.
/// </summary>
sealed class Body<T> : IEndpointParameterMetadataProvider
    where T : class
{
    static int MostBytes { get; } = typeof(T).GetCustomAttribute<MostBytesAttribute>()?.Most ?? 32 * 1024;
    static readonly JsonTypeInfo<T> s_type = ApiTypes.Of<T>();

    static readonly bool s_hasLists = typeof(T).GetProperties().Any(
        p => p.PropertyType != typeof(string) && p.PropertyType.IsAssignableTo(typeof(System.Collections.IEnumerable)));

    public T? Value { get; private init; }
    public Problem? Problem { get; private init; }

    public static async ValueTask<Body<T>> BindAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            return Bad("invalid_request");
        // One byte more than is announced: whoever sends more than that is caught by it.
        var most = (int)Math.Min(MostBytes, context.Request.ContentLength ?? MostBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(most + 1);
        var length = 0;
        try
        {
            length = context.Request.ContentLength > MostBytes ? MostBytes + 1 : await Read(context, buffer.AsMemory(0, most + 1));
            if (length <= MostBytes)
                return Parse(buffer.AsSpan(0, length));
            // What is left of it is nobody's business: the connection ends with the answer.
            context.Response.Headers.Connection = "close";
            return Bad("invalid_request");
        }
        catch (BadHttpRequestException)
        {
            context.Response.Headers.Connection = "close";
            return Bad("invalid_request");
        }
        finally
        {
            buffer.AsSpan(0, Math.Min(length, buffer.Length)).Clear();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Says that a body comes, and what it is. Whatever else is sent is for <see cref="BindAsync"/> to refuse, not for the routing.
    /// </summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json", "*/*"], typeof(T)));

    static Body<T> Parse(ReadOnlySpan<byte> bytes)
    {
        // RFC 8259, 8.1: a mark at the beginning may be overlooked.
        if (bytes is [0xEF, 0xBB, 0xBF, .. var unmarked])
            bytes = unmarked;
        if (!Utf8.IsValid(bytes))
            return Bad("invalid_request");
        try
        {
            return JsonSerializer.Deserialize(bytes, s_type) is { } value && !(s_hasLists && HasNullItem(bytes))
                ? new Body<T> { Value = value }
                : Bad("invalid_request");
        }
        catch (NotAnAmountException)
        {
            return Bad("invalid_amount");
        }
        catch (JsonException e)
        {
            return new() { Problem = Problem.Invalid(FieldsOf(e)) };
        }
    }

    /// <summary>The reader takes null for an item of any list, whatever its type says of that.</summary>
    static bool HasNullItem(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var isList = new Stack<bool>();
        while (reader.Read())
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    isList.Push(reader.TokenType == JsonTokenType.StartArray);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    isList.Pop();
                    break;
                case JsonTokenType.Null when isList.TryPeek(out var ofList) && ofList:
                    return true;
            }
        return false;
    }

    /// <summary>Returns how many bytes there were; one more than allowed stands for any number.</summary>
    static async ValueTask<int> Read(HttpContext context, Memory<byte> buffer)
    {
        var length = 0;
        while (length < buffer.Length
            && await context.Request.Body.ReadAsync(buffer[length..], context.RequestAborted) is > 0 and var count)
            length += count;
        return length;
    }

    /// <summary>
    /// The fields that the reader complains of: those that are missing, one that is unknown, or where it stopped. A name that was sent is
    /// told again only when it is a word.
    /// </summary>
    static IReadOnlyList<string> FieldsOf(JsonException e)
    {
        var message = e.Message;
        var list = message.IndexOf("including:", StringComparison.Ordinal);
        string[] names = list > 0 ? [.. BodyFields.Quoted().Matches(message[list..]).Select(match => match.Groups[1].Value)]
            : message.StartsWith("The JSON property", StringComparison.Ordinal) ? [BodyFields.Quoted().Match(message).Groups[1].Value]
            : [BodyFields.InPath().Match(e.Path ?? "").Groups[1].Value];
        return [.. names.Where(name => BodyFields.Word().IsMatch(name))];
    }

    static Body<T> Bad(string code) => new() { Problem = new Problem(code) };
}

/// <summary>How the reader of JSON names fields in what it complains of.</summary>
static partial class BodyFields
{
    [GeneratedRegex("'([^']+)'")]
    public static partial Regex Quoted();

    [GeneratedRegex(@"^\$\.([A-Za-z]+)")]
    public static partial Regex InPath();

    [GeneratedRegex(@"^[A-Za-z]{1,40}\z")]
    public static partial Regex Word();
}
