using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Storage;

namespace Ensen.Joining;

/// <summary>How an application stands. The numbers are stored.</summary>
public enum ApplicationState : short
{
    /// <summary>A mail is on its way: who applies shows that the mailbox is theirs.</summary>
    Applied = 1,

    /// <summary>Two persons of the staff decide.</summary>
    InReview = 2,

    /// <summary>Something was asked back; it goes on when the applicant sends it again.</summary>
    Asked = 3,

    /// <summary>The contract waits for the applicant.</summary>
    Approved = 4,
    Joined = 5,
    Refused = 6,

    /// <summary>The applicant did not come back in time.</summary>
    Lapsed = 7,
}

/// <summary>
/// An application as it is kept. <paramref name="Reason"/>: what the applicant was asked, or why it was refused. <paramref name="Terms"/>:
/// which version of the terms was accepted, at <paramref name="SignedMs"/>. <paramref name="Opinions"/>: what persons of the staff said of
/// this version, in their order.
/// </summary>
public sealed record MerchantApplication(
    MerchantApplicationId Id, ApplicationState State, int Version, ApplicationForm Form, string Language, long? MailConfirmedMs,
    IReadOnlyList<ApplicationOpinion> Opinions, string? Reason, string? Terms, long? SignedMs, MerchantId? Merchant, long BegunMs,
    long ChangedMs)
{
    /// <summary>Whether the applicant may send it, for the first time or again.</summary>
    public bool IsWithApplicant => State is ApplicationState.Applied or ApplicationState.Asked;
}

/// <summary>A photo of a store.</summary>
public sealed record StorePhoto(string ContentType, byte[] Image);

/// <summary>Reads and keeps applications: what was typed and the photos so that only this installation reads them.</summary>
public sealed class MerchantApplications(Database db, ISecretProtection protection)
{
    const string Columns =
        """
        id, state, version, details, language, mail_confirmed_ms, first_by, first_accepts, first_reason, second_by, second_accepts,
        second_reason, third_by, third_accepts, third_reason, reason, terms, signed_ms, merchant, begun_ms, changed_ms
        """;

    /// <summary>That one; null where there is none, or what was typed can be read no more.</summary>
    public async Task<MerchantApplication?> Find(MerchantApplicationId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id);
    }

    /// <summary>The one whose newest mail has this token, while the link opens.</summary>
    public async Task<MerchantApplication?> Of(string token, DateTimeOffset now, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return Of(await connection.QuerySingleOrDefaultAsync<Row>(
            $"select {Columns} from merchant_application where link_hash = @hash and link_until_ms > @now",
            new { hash = ApplicantLink.Hash(token), now = now.ToUnixTimeMilliseconds() }));
    }

    /// <summary>Those in a state, the longest waiting first.</summary>
    public async Task<IReadOnlyList<MerchantApplication>> In(ApplicationState state, int limit, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return [.. (await connection.QueryAsync<Row>(
            $"select {Columns} from merchant_application where state = @state order by changed_ms, id limit @limit",
            new { state, limit })).Select(Of).OfType<MerchantApplication>()];
    }

    /// <summary>How many wait for a word of the staff.</summary>
    public async Task<int> CountWaiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int>(
            "select count(*) from merchant_application where state = @review", new { review = ApplicationState.InReview });
    }

    /// <summary>The one as which the merchant joined; null for a merchant that was opened otherwise.</summary>
    public async Task<MerchantApplication?> OfMerchant(MerchantId merchant, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return Of(await connection.QuerySingleOrDefaultAsync<Row>(
            $"select {Columns} from merchant_application where merchant = @merchant", new { merchant }));
    }

    /// <summary>Which of its stores have a photo.</summary>
    public async Task<IReadOnlyList<int>> Photos(MerchantApplicationId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Photos(connection, id);
    }

    internal async Task<StorePhoto?> Photo(MerchantApplicationId id, int store, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        var (type, kept) = await connection.QuerySingleOrDefaultAsync<(string? ContentType, byte[]? Image)>(
            "select content_type, image from merchant_application_photo where application = @id and store = @store", new { id, store });
        return type is not null && protection.Unprotect(kept!, SecretUse.MerchantApplication) is { } clear
            ? new StorePhoto(type, clear) : null;
    }

    internal async Task<MerchantApplication?> Find(DbConnection connection, MerchantApplicationId id, DbTransaction? tx = null) =>
        Of(await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from merchant_application where id = @id", new { id }, tx));

    internal static async Task<IReadOnlyList<int>> Photos(
        DbConnection connection, MerchantApplicationId id, DbTransaction? tx = null) =>
        (await connection.QueryAsync<int>(
            "select store from merchant_application_photo where application = @id order by store limit @most",
            new { id, most = ApplicationForm.MostStores }, tx)).AsList();

    /// <summary>
    /// Until the commit everybody else who applies, decides or signs waits: what is looked at of other applications afterwards stays so.
    /// </summary>
    internal static Task Turn(DbTransaction tx) => tx.Connection!.ExecuteAsync(
        "insert into joining_turn (id, last) values (1, 0) on conflict (id) do update set last = joining_turn.last", transaction: tx);

    /// <summary>The one in which the same was typed, and whose mailbox was not shown yet; null where there is none.</summary>
    internal async Task<(MerchantApplicationId Id, long ChangedMs)?> Same(DbTransaction tx, ApplicationForm form, byte[] account)
    {
        var typed = form.Bytes();
        return (await tx.Connection!.QueryAsync<(MerchantApplicationId Id, long ChangedMs, byte[] Details)>(
            """
            select id, changed_ms, details
            from merchant_application
            where account_hash = @account and state = @applied
            order by id desc
            limit 20
            """, new { account, applied = ApplicationState.Applied }, tx))
            .Where(row => protection.Unprotect(row.Details, SecretUse.MerchantApplication)?.AsSpan().SequenceEqual(typed) == true)
            .Select(row => ((MerchantApplicationId, long)?)(row.Id, row.ChangedMs)).FirstOrDefault();
    }

    internal byte[] Kept(ApplicationForm form) => protection.Protect(form.Bytes(), SecretUse.MerchantApplication);

    internal Task KeepPhoto(DbTransaction tx, MerchantApplicationId id, int store, StorePhoto photo, DateTimeOffset now) =>
        tx.Connection!.ExecuteAsync(
            """
            insert into merchant_application_photo (application, store, content_type, image, at_ms)
            values (@id, @store, @ContentType, @kept, @at)
            on conflict (application, store) do update
            set content_type = excluded.content_type, image = excluded.image, at_ms = excluded.at_ms
            """,
            new
            {
                id,
                store,
                photo.ContentType,
                kept = protection.Protect(photo.Image, SecretUse.MerchantApplication),
                at = now.ToUnixTimeMilliseconds(),
            }, tx);

    MerchantApplication? Of(Row? row) =>
        row is not null && protection.Unprotect(row.Details, SecretUse.MerchantApplication) is { } details
            ? new(row.Id, (ApplicationState)row.State, row.Version, ApplicationForm.Read(details), row.Language, row.MailConfirmedMs,
                Opinions(row), row.Reason, row.Terms, row.SignedMs, row.Merchant, row.BegunMs, row.ChangedMs)
            : null;

    static ApplicationOpinion[] Opinions(Row row) =>
    [
        .. new[]
        {
            (By: row.FirstBy, Accepts: row.FirstAccepts, Reason: row.FirstReason),
            (By: row.SecondBy, Accepts: row.SecondAccepts, Reason: row.SecondReason),
            (By: row.ThirdBy, Accepts: row.ThirdAccepts, Reason: row.ThirdReason),
        }
        .Where(said => said.By is not null)
        .Select(said => new ApplicationOpinion(said.By!, said.Accepts is true, said.Reason ?? "")),
    ];

    sealed record Row(
        MerchantApplicationId Id, short State, int Version, byte[] Details, string Language, long? MailConfirmedMs, string? FirstBy,
        bool? FirstAccepts, string? FirstReason, string? SecondBy, bool? SecondAccepts, string? SecondReason, string? ThirdBy,
        bool? ThirdAccepts, string? ThirdReason, string? Reason, string? Terms, long? SignedMs, MerchantId? Merchant, long BegunMs,
        long ChangedMs);
}
