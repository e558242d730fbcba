using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ensen.Web.Api;

/// <summary>What the OpenAPI document says beyond the endpoints themselves. It is served at <c>/openapi/v1.json</c> and checked in.</summary>
static class ApiDocument
{
    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Ensen",
                Version = "v1",
                Description = "Wallet, points and payments along a railway line. Yen and points are integers; errors are RFC 9457 problem details with a stable `code`: "
                    + string.Join(", ", Problem.Codes.Order(StringComparer.Ordinal).Select(c => $"`{c}`")) + ".",
            };
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiSetup.NeedsKey>().Any())
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = "Idempotency-Key",
                    In = ParameterLocation.Header,
                    Required = true,
                    Description = "1 to 255 characters, scoped to the caller. The same key and body get the same answer, with the header Idempotent-Replay: true.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
                });
            if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<Microsoft.AspNetCore.Authorization.IAllowAnonymous>().Any())
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
            return Task.CompletedTask;
        });
    }
}
