using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace Ensen.Web.Api;

/// <summary>
/// A request's JSON body, read strictly. What cannot be read is not an exception but a problem with the contract's code: what is no
/// amount is <c>invalid_amount</c>, everything else <c>invalid_request</c>.
/// </summary>
sealed class Body<T> : IEndpointParameterMetadataProvider
    where T : class
{
    const int MostBytes = 32 * 1024;

    public T? Value { get; private init; }
    public Problem? Problem { get; private init; }

    public static async ValueTask<Body<T>> BindAsync(HttpContext context)
    {
        try
        {
            if (context.Request.ContentLength > MostBytes || !context.Request.HasJsonContentType())
                return Bad("invalid_request");
            var json = (JsonTypeInfo<T>)ApiJson.Default.GetTypeInfo(typeof(T))!;
            return await JsonSerializer.DeserializeAsync(context.Request.Body, json, context.RequestAborted) is { } value
                ? new Body<T> { Value = value }
                : Bad("invalid_request");
        }
        catch (NotAnAmountException)
        {
            return Bad("invalid_amount");
        }
        catch (JsonException)
        {
            return Bad("invalid_request");
        }
        catch (Exception e) when (e is BadHttpRequestException or DecoderFallbackException)
        {
            return Bad("invalid_request");
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    static Body<T> Bad(string code) => new() { Problem = new Problem(code) };
}
