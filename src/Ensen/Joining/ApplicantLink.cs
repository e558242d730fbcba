using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Joining;

/// <summary>
/// What an applicant is told by mail, with the link by which they go on. Each mail has a token of its own, and only the newest opens: who
/// applies needs no account for it.
/// </summary>
static class ApplicantLink
{
    public static TimeSpan Life { get; } = TimeSpan.FromDays(30);

    /// <summary>No longer than there is something to open: until its mailbox is shown an application is kept for less.</summary>
    static TimeSpan LifeOf(NoticeKind what) => what == NoticeKind.ShopApplied ? ForgetApplications.UnconfirmedKept : Life;

    public static byte[] Hash(string token) => InvitationLink.Hash(token);

    /// <summary>Writes the mail into the transaction that is its reason, and takes the links of mails before it out of use.</summary>
    public static async Task Mail(
        DbTransaction tx, Outbox outbox, NoticeKind what, MerchantApplicationId id, ApplicationForm form, string language,
        DateTimeOffset now, string? reason = null)
    {
        var token = InvitationLink.NewToken();
        await tx.Connection!.ExecuteAsync(
            "update merchant_application set link_hash = @hash, link_until_ms = @until where id = @id",
            new { id, hash = Hash(token), until = (now + LifeOf(what)).ToUnixTimeMilliseconds() }, tx);
        await Notice(what, form, language, token, reason).AddUnrecorded(outbox, tx, Id.New(now));
    }

    /// <summary>A mail to the applicant, who is no member; its link is whatever token is given.</summary>
    public static Notice Notice(NoticeKind what, ApplicationForm form, string language, string? token = null, string? reason = null) =>
        new(what, default, form.Email, form.Representative, language, Token: token, Reason: reason);
}
