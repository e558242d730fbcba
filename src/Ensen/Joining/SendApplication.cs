using System.Data.Common;
using Dapper;
using Ensen.Banking;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Storage;

namespace Ensen.Joining;

/// <summary>
/// The applicant sends the application on by the link of the mail: as it is, or corrected. <paramref name="Photos"/>: by the number of the
/// store; a store without one keeps what it has, at whatever place it stands in the form now.
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

    /// <summary>Fields are missing or cannot be read, or a store has no photo (<see cref="SendApplication.Faults"/> names them).</summary>
    InvalidRequest = 3,

    /// <summary>A picture is no whole JPEG or PNG, or too large.</summary>
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
        if (Decide(request, found, await Photos(found, request.Form, ct)) is not SendApplicationRefusal.None and var refusal)
            return refusal;

        // The mailbox was shown by this link: another one would have to be shown anew, so it stays.
        var form = ApplyAsMerchant.Kept(request.Form with { Email = found!.Form.Email });
        var isSent = await db.Transact(async tx =>
        {
            if (await tx.Connection!.ExecuteAsync(
                """
                update merchant_application
                set state = @review, version = version + 1, details = @details, account_hash = @account, changed_ms = @at,
                  mail_confirmed_ms = coalesce(mail_confirmed_ms, @at), reason = null, first_by = null, first_accepts = null,
                  first_reason = null, second_by = null, second_accepts = null, second_reason = null, third_by = null,
                  third_accepts = null, third_reason = null
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
            await KeepPhotos(tx, found, form, request.Photos, now);
            return true;
        }, ct);
        return isSent ? (await applications.Find(found.Id, ct))! : SendApplicationRefusal.AlreadyDecided;
    }

    /// <summary>Which stores of the form, as it is typed now, have a photo from before.</summary>
    public async Task<IReadOnlyList<int>> Photos(MerchantApplication? found, ApplicationForm form, CancellationToken ct = default)
    {
        if (found is null)
            return [];
        var kept = await applications.Photos(found.Id, ct);
        return [.. SameStores(found.Form.Stores, form.Stores).Where(same => kept.Contains(same.Was)).Select(same => same.Now).Order()];
    }

    /// <summary>
    /// Each field that is wrong, by its name in the contract; of a store without a photo, and of one whose picture is none,
    /// <c>stores/0/photo</c>.
    /// </summary>
    public async Task<IReadOnlyList<string>> Faults(SendApplicationRequest request, CancellationToken ct = default)
    {
        var kept = await Photos(await applications.Of(request.Token, clock.Now(), ct), request.Form, ct);
        return [.. request.Form.Faults(), .. Enumerable.Range(0, Math.Min(request.Form.Stores.Count, ApplicationForm.MostStores))
            .Where(store => request.Photos.TryGetValue(store, out var photo) ? !IsPicture(photo) : !kept.Contains(store))
            .Select(store => FormattableString.Invariant($"stores/{store}/photo"))];
    }

    /// <summary>The checks, in the order of the refusals.</summary>
    /// <param name="kept">Which stores of the form have a photo from before.</param>
    internal static SendApplicationRefusal Decide(SendApplicationRequest request, MerchantApplication? found, IReadOnlyList<int> kept)
    {
        if (found is null) return SendApplicationRefusal.NotFound;
        if (!found.IsWithApplicant) return SendApplicationRefusal.AlreadyDecided;
        if (request.Form.Faults().Count > 0
            || Enumerable.Range(0, request.Form.Stores.Count).Any(store => !request.Photos.ContainsKey(store) && !kept.Contains(store)))
            return SendApplicationRefusal.InvalidRequest;
        return request.Photos.Values.All(IsPicture) ? SendApplicationRefusal.None : SendApplicationRefusal.InvalidImage;
    }

    static bool IsPicture(byte[] photo) => photo.Length <= MostPhotoBytes && PlainPicture.Read(photo) is not null;

    // A photo stays with its store: whoever takes a store out of the form moves those behind it up.
    async Task KeepPhotos(DbTransaction tx, MerchantApplication before, ApplicationForm form, IReadOnlyDictionary<int, byte[]> photos,
        DateTimeOffset now)
    {
        var id = before.Id;
        await tx.Connection!.ExecuteAsync(
            "update merchant_application_photo set store = -1 - store where application = @id", new { id }, tx);
        foreach (var (was, store) in SameStores(before.Form.Stores, form.Stores).Where(same => !photos.ContainsKey(same.Now)))
            await tx.Connection!.ExecuteAsync(
                "update merchant_application_photo set store = @store where application = @id and store = @aside",
                new { id, store, aside = -1 - was }, tx);
        await tx.Connection!.ExecuteAsync("delete from merchant_application_photo where application = @id and store < 0", new { id }, tx);
        foreach (var (store, photo) in photos.Where(photo => photo.Key >= 0 && photo.Key < form.Stores.Count))
        {
            var plain = PlainPicture.Read(photo)!;
            await applications.KeepPhoto(tx, id, store, new StorePhoto(plain.ContentType, plain.Image), now);
        }
    }

    /// <summary>
    /// Which store of the form before is which one now: the one that says the same, or else has its name or its place. One of which neither
    /// is left is another store, and needs a photo of its own.
    /// </summary>
    internal static IReadOnlyList<(int Was, int Now)> SameStores(IReadOnlyList<ApplyingStore> before, IReadOnlyList<ApplyingStore> after)
    {
        var same = new List<(int Was, int Now)>();
        Func<ApplyingStore, object>[] looks = [s => (s.Name.Trim(), Place(s)), s => s.Name.Trim(), s => Place(s)];
        foreach (var look in looks)
            for (var now = 0; now < after.Count; now++)
                for (var was = 0; was < before.Count && !same.Exists(s => s.Now == now); was++)
                    if (!same.Exists(s => s.Was == was) && look(before[was]).Equals(look(after[now])))
                        same.Add((was, now));
        return same;
    }

    static (string PostalCode, string Address) Place(ApplyingStore store) =>
        (TypedDigits.Number(store.PostalCode) ?? "", store.Address.Trim());
}
