using System.Text.Json.Nodes;
using Ensen.Web.Edge;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ensen.Web.Api;

/// <summary>
/// What the OpenAPI document says beyond the endpoints themselves. It is served at <c>/openapi/v1.json</c> and checked in.
/// </summary>
static class ApiDocument
{
    const string Json = "application/json";
    const long MostAmount = Wallet.Movement.Most;

    public static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(Head);
        options.AddOperationTransformer(Operation);
        options.AddSchemaTransformer(Numbers);
        options.AddSchemaTransformer(Choices);
    }

    static async Task Head(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Ensen",
            Version = "v1",
            Description =
                "Wallet, points and payments along a railway line. Yen and points are integers, instants RFC 3339 with offset, ids opaque texts. "
                + "Errors are RFC 9457 problem details with a stable `code`: " + Codes(null) + ".",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = null;
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
        };
        document.AddComponent(nameof(LiveRefund), await context.GetOrCreateSchemaAsync(typeof(LiveRefund), cancellationToken: ct));
    }

    static async Task Operation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Tags = null;
        if (metadata.OfType<ApiSetup.NeedsKey>().Any())
            (operation.Parameters ??= []).Add(Header(
                "Idempotency-Key", required: true,
                "1 to 255 characters, scoped to the caller. The same key and body get the same answer, with the header Idempotent-Replay: true.",
                new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 }));
        if (metadata.OfType<ApiSetup.MayNeedStepUp>().Any())
            (operation.Parameters ??= []).Add(Header(
                "Step-Up", required: false,
                "The id of a challenge for this purpose that was passed in this session. Each is used once.",
                new OpenApiSchema { Type = JsonSchemaType.String }));
        if (operation.OperationId == "listen")
            (operation.Parameters ??= []).Add(Header(
                "Last-Event-ID", required: false, "The id of the last event that was heard.",
                new OpenApiSchema { Type = JsonSchemaType.String }));
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
            await Refuse(operation, context, [401, 403], ct);
        }
        foreach (var (status, answer) in operation.Responses!)
            if (Codes(int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), metadata) is { Length: > 0 } codes)
                answer.Description = codes;
        Body(operation, metadata);
    }

    static OpenApiParameter Header(string name, bool required, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Header, Required = required, Description = description, Schema = schema };

    static async Task Refuse(OpenApiOperation operation, OpenApiOperationTransformerContext context, int[] statuses, CancellationToken ct)
    {
        await context.GetOrCreateSchemaAsync(typeof(ProblemAnswer), cancellationToken: ct);
        foreach (var status in statuses)
            operation.Responses!.TryAdd(status.ToString(System.Globalization.CultureInfo.InvariantCulture), new OpenApiResponse
            {
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(nameof(ProblemAnswer), context.Document) },
                },
            });
        var sorted = operation.Responses!.OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        operation.Responses!.Clear();
        foreach (var (status, answer) in sorted)
            operation.Responses.Add(status, answer);
    }

    /// <summary>
    /// Bodies are JSON, or a file as text/csv, whatever <see cref="Body{T}"/> lets through the routing in order to refuse it itself.
    /// </summary>
    static void Body(OpenApiOperation operation, IEnumerable<object> metadata)
    {
        if (operation.RequestBody?.Content is not { } content)
            return;
        if (content.ContainsKey("text/csv"))
            content.Remove("*/*");
        if (!content.TryGetValue(Json, out var body))
            return;
        foreach (var other in content.Keys.Where(k => k != Json).ToList())
            content.Remove(other);
        body.Example = ApiExamples.Of(operation.OperationId) ?? metadata.OfType<ApiExample>().FirstOrDefault()?.Body.DeepClone();
    }

    /// <summary>Numbers are written as digits, never as texts; what moves value is bounded. Instants are what they are.</summary>
    static Task Numbers(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(object))
            schema.Type = JsonSchemaType.Object | JsonSchemaType.Null;
        if (type == typeof(System.Text.Json.JsonElement)) // What another standard says the form of: WebAuthn's options and credentials.
            schema.Type = JsonSchemaType.Object;
        if (type == typeof(DateTimeOffset) && schema.Type is null)
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        if (type != typeof(long) && type != typeof(int))
            return Task.CompletedTask;
        schema.Type = type == context.JsonTypeInfo.Type ? JsonSchemaType.Integer : JsonSchemaType.Integer | JsonSchemaType.Null;
        schema.Pattern = null;
        schema.Format = type == typeof(long) ? "int64" : "int32";
        if (context.JsonPropertyInfo is { Name: "amount" or "points" } field
            && field.DeclaringType.Name.EndsWith("Body", StringComparison.Ordinal))
            (schema.Minimum, schema.Maximum) = (field.Name == "amount" || AreMoved(field.DeclaringType) ? "1" : "0",
                Most(field.DeclaringType, context.ApplicationServices.GetRequiredService<Basics.Programme>())
                    .ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Task.CompletedTask;
    }

    /// <summary>Points that are no part of a payment: without any there is nothing to move.</summary>
    static bool AreMoved(Type body) =>
        body == typeof(SpendBody) || body == typeof(TransitChargeBody) || body == typeof(GoodwillBody);

    /// <summary>The most that is taken: what the programme of this installation says, where it says it of one movement.</summary>
    static long Most(Type body, Basics.Programme programme) =>
        body == typeof(AwardBody) ? programme.Points.CentreMostYen
        : body == typeof(TransitChargeBody) ? programme.Transit.MostPerCharge
        : body == typeof(GoodwillBody) ? programme.Points.GoodwillMost
        : MostAmount;

    /// <summary>A field with few values names them.</summary>
    static Task Choices(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var choices = (context.JsonPropertyInfo?.DeclaringType.Name, context.JsonPropertyInfo?.Name) switch
        {
            (nameof(ChallengeBody), "purpose") => ChallengesApi.Purposes,
            (nameof(ChallengeBody) or nameof(SecondStepBody), "method") => ChallengesApi.Methods,
            (nameof(ChallengeAnswer), "status") => ChallengesApi.Statuses,
            (nameof(VerificationAnswer), "status") => VerificationsApi.Statuses,
            (nameof(RecoveryAnswer), "status") => RecoveriesApi.Statuses,
            (nameof(OwnRecoveryAnswer), "status") => RecoveriesApi.OwnStatuses,
            (nameof(IdentityReportBody), "finding") => VerificationsApi.Findings,
            (nameof(BankAccountBody), "kind") => BankAccountsApi.Kinds,
            (nameof(PointCardBody), "membership") => PointCardsApi.Memberships,
            (nameof(GiftBody), "kind") => CampaignsApi.GiftKinds,
            (nameof(CardRevocationAnswer), "status") => ConsoleCardsApi.RevocationStatuses,
            (nameof(KeptPointFileAnswer), "status") => ConsoleCardsApi.FileStatuses,
            (nameof(CampaignAnswer), "status") => CampaignsApi.Statuses,
            (nameof(VerificationDecisionBody), "decision") => VerificationQueueApi.Decisions,
            (nameof(ApplicationDecisionBody), "decision") => MerchantApplicationsApi.Decisions,
            (nameof(MerchantApplicationBody), "kind") => MerchantApplicationsApi.Kinds,
            (nameof(MerchantApplicationBody), "accountKind") => BankAccountsApi.Kinds,
            _ => null,
        };
        if (choices is not null)
            schema.Enum = [.. choices.Select(choice => JsonValue.Create(choice))];
        return Task.CompletedTask;
    }

    /// <summary>The codes that may come with a status, of all endpoints or of the one with this metadata.</summary>
    static string Codes(int? status, IEnumerable<object>? metadata = null) =>
        string.Join(", ", Problem.Codes.Where(c => status is null || Problem.Comes(c, status.Value))
            .Where(c => c != Problem.StepUp || metadata is null || MayAskForStepUp(status!.Value, metadata))
            .Order(StringComparer.Ordinal).Select(c => $"`{c}`"));

    static bool MayAskForStepUp(int status, IEnumerable<object> metadata) => status == StatusCodes.Status403Forbidden
        ? metadata.OfType<ApiSetup.MayNeedStepUp>().Any()
        : metadata.OfType<ApiSetup.MayNeedPin>().Any();
}
