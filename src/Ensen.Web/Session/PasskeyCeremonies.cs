using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace Ensen.Web.Session;

/// <summary>What a browser is asked to do with a passkey, and the ticket that it sends back with the answer.</summary>
/// <param name="Options">As WebAuthn writes them in JSON: what <c>navigator.credentials</c> is called with.</param>
/// <param name="Ticket">The challenge as this product knows it, sealed.</param>
public sealed record PasskeyAsked(JsonElement Options, string Ticket, DateTimeOffset ExpiresAt);

/// <summary>What a challenge may be answered for. The numbers are in sealed tickets.</summary>
public enum PasskeyPurpose
{
    Add = 1,
    SignIn = 2,
    Prove = 3,
}

/// <summary>
/// WebAuthn by the framework's <see cref="PasskeyHandler{TUser}"/>: asks a browser for a new passkey or for a signature, and finds the
/// answer right or wrong. The challenge is carried by whoever was asked, sealed, for one purpose and for their session or browser alone,
/// for some minutes; that it counts once is decided where it is used up. Nothing is kept for questions that nobody answers.
/// </summary>
sealed class PasskeyCeremonies(
    IPasskeyHandler<PasskeyUser> handler, IDataProtectionProvider protection, Settings settings, TimeProvider clock)
{
    readonly IDataProtector _protector = protection.CreateProtector("ensen passkey challenge");

    Programme Programme => settings.Programme;

    /// <summary>
    /// Whether passkeys work where whoever asks is: browsers want a domain (no number) and a way that nobody listens to, or the machine
    /// itself.
    /// </summary>
    public bool Available(HttpContext http) => PasskeySite.IsFor(settings.OriginFor(http.Request));

    /// <summary>Asks for a new passkey of the caller's, bound to the caller's session.</summary>
    public async Task<PasskeyAsked> AskNew(HttpContext http, Caller caller, string name)
    {
        var made = await handler.MakeCreationOptionsAsync(
            new PasskeyUserEntity { Id = new PasskeyUser(caller.Subject).Handle, Name = name, DisplayName = name }, http);
        var options = JsonNode.Parse(made.CreationOptionsJson)!;
        // The framework calls the programme by its domain; people know its name.
        options["rp"]!["name"] = Programme.Name;
        return Asked(options, PasskeyPurpose.Add, Bound(caller), made.AttestationState!);
    }

    /// <summary>Asks whoever is there to sign in with any passkey of this domain, bound to the browser.</summary>
    public async Task<PasskeyAsked> AskAnybody(HttpContext http, string browser)
    {
        var made = await handler.MakeRequestOptionsAsync(null, http);
        return Asked(JsonNode.Parse(made.RequestOptionsJson)!, PasskeyPurpose.SignIn, browser, made.AssertionState!);
    }

    /// <summary>Asks the caller to sign with one of the caller's own, bound to the caller's session.</summary>
    public async Task<PasskeyAsked> AskOwn(HttpContext http, Caller caller)
    {
        var made = await handler.MakeRequestOptionsAsync(new PasskeyUser(caller.Subject), http);
        return Asked(JsonNode.Parse(made.RequestOptionsJson)!, PasskeyPurpose.Prove, Bound(caller), made.AssertionState!);
    }

    /// <summary>The passkey that a browser has made; null when anything is not as it was asked for.</summary>
    public async Task<NewPasskey?> Made(HttpContext http, Caller caller, string? ticket, string? credential)
    {
        if (string.IsNullOrEmpty(credential) || Opened(ticket, PasskeyPurpose.Add, Bound(caller)) is not { } asked)
            return null;
        var found = await handler.PerformAttestationAsync(
            new PasskeyAttestationContext { HttpContext = http, CredentialJson = credential, AttestationState = asked.State });
        return found is { Succeeded: true, Passkey: { } made } && found.UserEntity.Id == new PasskeyUser(caller.Subject).Handle
            ? new NewPasskey(asked.Id, made.CredentialId, made.PublicKey, made.SignCount, Transports(made), made.IsBackupEligible,
                made.IsBackedUp)
            : null;
    }

    /// <summary>What somebody signed to sign in; null when anything is not as it was asked for.</summary>
    public Task<SignedByPasskey?> Signed(HttpContext http, string browser, string? ticket, string? credential) =>
        Signed(http, ticket, credential, PasskeyPurpose.SignIn, browser);

    /// <summary>What the caller signed to prove that it is they; null when anything is not as it was asked for.</summary>
    public Task<SignedByPasskey?> SignedBy(HttpContext http, Caller caller, string? ticket, string? credential) =>
        Signed(http, ticket, credential, PasskeyPurpose.Prove, Bound(caller));

    async Task<SignedByPasskey?> Signed(HttpContext http, string? ticket, string? credential, PasskeyPurpose purpose, string bound)
    {
        if (string.IsNullOrEmpty(credential) || Opened(ticket, purpose, bound) is not { } asked)
            return null;
        var found = await handler.PerformAssertionAsync(
            new PasskeyAssertionContext { HttpContext = http, CredentialJson = credential, AssertionState = asked.State });
        return found is { Succeeded: true, Passkey: { } passkey, User: { } user }
            ? new SignedByPasskey(asked.Id, user.Subject, passkey.CredentialId, passkey.SignCount, passkey.IsBackedUp)
            : null;
    }

    PasskeyAsked Asked(JsonNode options, PasskeyPurpose purpose, string bound, string state)
    {
        var now = clock.Now();
        var ticket = new Ticket(Id.New(now), purpose, bound, (now + Programme.Membership.StepUpLife).ToUnixTimeMilliseconds(), state);
        return new PasskeyAsked(JsonSerializer.SerializeToElement(options), _protector.Protect(JsonSerializer.Serialize(ticket)),
            Instant.OfMilliseconds(ticket.ExpiresMs));
    }

    Ticket? Opened(string? text, PasskeyPurpose purpose, string bound)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            return JsonSerializer.Deserialize<Ticket>(_protector.Unprotect(text)) is { } ticket
                && ticket.Purpose == purpose && ticket.Bound == bound && ticket.ExpiresMs > clock.GetUtcNow().ToUnixTimeMilliseconds()
                    ? ticket
                    : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    static string Bound(Caller caller) => caller.Session.ToString();

    static string Transports(UserPasskeyInfo made) =>
        string.Join(',', (made.Transports ?? []).Where(t => t.Length is > 0 and <= 20 && t.All(c => char.IsAsciiLetterLower(c) || c == '-'))
            .Take(8));

    sealed record Ticket(Guid Id, PasskeyPurpose Purpose, string Bound, long ExpiresMs, string State);
}
