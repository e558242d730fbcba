using Microsoft.AspNetCore.Identity;

namespace Ensen.Web.Session;

/// <summary>
/// Where passkeys are made for, and where they may be used: the programme's origin (<c>origin</c> of programme.json), and its host as their
/// domain (the relying party's id of WebAuthn). Where people try the product it is the address that they see, as everywhere else.
/// </summary>
static class PasskeySite
{
    /// <summary>The domain of an origin.</summary>
    public static string DomainOf(string origin) => new Uri(origin).Host;

    /// <summary>Whether browsers have passkeys there: a domain over HTTPS, or the machine itself under its name.</summary>
    public static bool IsFor(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var at) && at.HostNameType == UriHostNameType.Dns
        && (at.Scheme == Uri.UriSchemeHttps || at.Host == "localhost" || at.Host.EndsWith(".localhost", StringComparison.Ordinal));

    public static void Configure(IdentityPasskeyOptions options, Settings settings)
    {
        options.ServerDomain = settings.Sandbox ? null : DomainOf(settings.Programme.Origin);
        options.ValidateOrigin = context => ValueTask.FromResult(
            !context.CrossOrigin
            && string.Equals(context.Origin, settings.OriginFor(context.HttpContext.Request), StringComparison.Ordinal));
        // By finger, face or PIN, on a key that the device finds by itself: it stands for possession and for who has it.
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.AttestationConveyancePreference = "none";
        options.AuthenticatorTimeout = settings.Programme.Membership.StepUpLife;
    }
}
