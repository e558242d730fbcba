using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Web.Session;

namespace Ensen.Web.Edge;

/// <summary>How whoever asks shows that it is they: the session, the header <c>Step-Up</c>, or what is typed as a proof.</summary>
static class CallerProof
{
    const string Header = "Step-Up";

    /// <summary>A header that is no challenge's id shows nothing.</summary>
    public static StepUpProof Proof(this HttpContext context) => new(
        context.Caller(), context.Request.Headers[Header] is [{ } text] && Id.TryParse(text, out ChallengeId id) ? id : null);

    /// <summary>
    /// What was typed, as the member's sign-in would count a guess: by the address that the account has, or by the account itself.
    /// </summary>
    public static async Task<TypedProof> Typed(this HttpContext context, string text, MemberDirectory directory, KnownDevices known,
        CancellationToken ct)
    {
        var member = context.MemberId();
        var account = EmailAddress.TryParse((await directory.Find(member, ct))?.Email, out _, out var key) ? key : Id.Bare(member);
        var device = await known.Of(context, ct) is { } here && here.Knows(member) ? here.Id : (Guid?)null;
        return new TypedProof(text, account, RequestDevice.AddressOf(context), device);
    }
}
