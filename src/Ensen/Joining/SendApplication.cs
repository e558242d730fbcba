using System.Data.Common;
using Dapper;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Joining;

/// <summary>
/// The applicant sends the application on by the link of the mail: as it is, or corrected. <paramref name="Photos"/>: by the number of the
/// store; a store without one keeps what it has.
/// </summary>
public sealed record SendApplicationRequest(string Token, ApplicationForm Form, IReadOnlyDictionary<int, byte[]> Photos);

/// <summary>Why it is not sent on; the names are the contract's codes.</summary>
public enum SendApplicationRefusal
{
    None = 0,

    /// <summary>The link was replaced by that of a newer mail, has lapsed, or is none.</summary>
    NotFound = 1,

    /// <summary>It is not the applicant's turn.</summary>
    AlreadyDecided = 2,

    /// <summary>Fields are missing or cannot be read.</summary>
    InvalidRequest = 3,

    /// <summary>A picture is no JPEG or PNG, or too large.</summary>
    InvalidImage = 4,
}

/// <summary>
/// By using the link the applicant has shown the mailbox; with what was typed now the application goes to the two persons who decide, from
/// the beginning where one of them had said something of what was there before.
/// </summary>
public sealed class SendApplication(Database db, MerchantApplications applications, BankNumberHash numbers, TimeProvider clock)
{
    public const int MostPhotoBytes = 5_000_000;

    public async Task<Answer<MerchantApplication, SendApplicationRefusal>> Run(
        SendApplicationRequest request, CancellationToken ct = default)
    {
        var now = clock.Now();
        var found = await applications.Of(request.Token, now, ct);
        if (Decide(request, found) is not SendApplicationRefusal.None and var refusal) return refusal;

        // The mailbox was shown by this link: another one would have to be shown anew, so it stays.
        var form = ApplyAsMerchant.Kept(request.Form with { Email = found!.Form.Email });
        var isSent = await db.Transact(async tx =>
        {
            if (await tx.Connection!.ExecuteAsync(
                """
                update merchant_application
                set state = @review, version = version + 1, details = @details, account_hash = @account, changed_ms = @at,
                  mail_confirmed_ms = coalesce(mail_confirmed_ms, @at), first_by = null, first_accepts = null, first_reason = null,
                  reason = null
                where id = @Id and state = @State and version = @Version
                """,
                new
                {
                    found.Id,
                    found.State,
                    found.Version,
                    review = ApplicationState.InReview,
                    details = applications.Kept(form),
                    account = numbers.Of(form.Account!),
                    at = now.ToUnixTimeMilliseconds(),
                }, tx) != 1)
                return false;
            await KeepPhotos(tx, found.Id, form.Stores.Count, request.Photos, now);
            return true;
        }, ct);
        return isSent ? (await applications.Find(found.Id, ct))! : SendApplicationRefusal.AlreadyDecided;
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    internal static SendApplicationRefusal Decide(SendApplicationRequest request, MerchantApplication? found)
    {
        if (found is null) return SendApplicationRefusal.NotFound;
        if (!found.IsWithApplicant) return SendApplicationRefusal.AlreadyDecided;
        if (request.Form.Faults().Count > 0) return SendApplicationRefusal.InvalidRequest;
        return request.Photos.Values.All(photo => photo.Length <= MostPhotoBytes && TypeOf(photo) is not null)
            ? SendApplicationRefusal.None : SendApplicationRefusal.InvalidImage;
    }

    async Task KeepPhotos(
        DbTransaction tx, MerchantApplicationId id, int stores, IReadOnlyDictionary<int, byte[]> photos, DateTimeOffset now)
    {
        foreach (var (store, photo) in photos.Where(photo => photo.Key >= 0 && photo.Key < stores))
            await applications.KeepPhoto(tx, id, store, new StorePhoto(TypeOf(photo)!, photo), now);
        await tx.Connection!.ExecuteAsync(
            "delete from merchant_application_photo where application = @id and store >= @stores", new { id, stores }, tx);
    }

    /// <summary>By the first bytes, never by a name; null for what is neither.</summary>
    static string? TypeOf(ReadOnlySpan<byte> image) => image switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        _ => null,
    };
}
