using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Identity;

/// <summary>What a picture shows. The numbers are stored.</summary>
public enum EvidenceSide
{
    Front = 1,
    Back = 2,
    Face = 3,
}

/// <summary>A member's picture for a verification that waits for pictures.</summary>
public sealed record AddEvidenceRequest(MemberId Member, VerificationId Verification, EvidenceSide Side, byte[] Image);

/// <summary>Why a picture is not kept, in the order it is checked; the names are the contract's codes.</summary>
public enum AddEvidenceRefusal
{
    None = 0,

    /// <summary>No JPEG or PNG, or larger than <see cref="AddEvidence.MostBytes"/>.</summary>
    InvalidImage = 1,

    /// <summary>The member has no such verification, or it takes no pictures.</summary>
    NotFound = 2,

    /// <summary>It waits for pictures no more.</summary>
    Lapsed = 3,
}

/// <summary>
/// Keeps a picture under the member's own key, in place of one of the same side. With front and face the verification goes to the two
/// persons who decide. Nothing is done to a picture: what it is is told from its first bytes, never from its name.
/// </summary>
public sealed class AddEvidence(Database db, MemberKeys keys, Programme programme, TimeProvider clock)
{
    public const int MostBytes = 5_000_000;

    /// <summary>Without them nobody can decide.</summary>
    public static IReadOnlyList<EvidenceSide> Needed { get; } = [EvidenceSide.Front, EvidenceSide.Face];

    public async Task<Answer<Verification, AddEvidenceRefusal>> Run(AddEvidenceRequest request, CancellationToken ct = default)
    {
        Verification? after = null;
        var refusal = await db.Transact(async tx =>
        {
            var now = clock.Now();
            var found = await Verifications.Find(tx.Connection!, request.Member, request.Verification, now, tx);
            if (Decide(request, found) is not AddEvidenceRefusal.None and var decided)
                return decided;
            // The row is held until the end, so that of two last pictures at once one sends it on.
            if (await tx.Connection!.ExecuteAsync(
                "update verification set lapses_ms = lapses_ms where id = @Id and state = @collecting",
                new { found!.Id, collecting = VerificationState.Collecting }, tx) == 0)
                return AddEvidenceRefusal.Lapsed;
            await Keep(tx, request, now);
            after = await SentOn(tx, found, now);
            return AddEvidenceRefusal.None;
        }, ct);
        return refusal == AddEvidenceRefusal.None ? after! : refusal;
    }

    internal static AddEvidenceRefusal Decide(AddEvidenceRequest request, Verification? found)
    {
        if (request.Image.Length > MostBytes || ContentTypeOf(request.Image) is null || !Enum.IsDefined(request.Side))
            return AddEvidenceRefusal.InvalidImage;
        if (found is not { Method: IdentityMethod.Image }) return AddEvidenceRefusal.NotFound;
        return found.State == VerificationState.Collecting ? AddEvidenceRefusal.None : AddEvidenceRefusal.Lapsed;
    }

    /// <summary>The sides that the verification still needs.</summary>
    public async Task<IReadOnlyList<EvidenceSide>> Missing(Verification verification, CancellationToken ct = default)
    {
        if (verification is not { Method: IdentityMethod.Image, State: VerificationState.Collecting })
            return [];
        await using var connection = await db.Connect(ct);
        var there = await Evidence.Sides(connection, verification.Id);
        return [.. Needed.Except(there)];
    }

    /// <summary>By the first bytes; null for what is neither.</summary>
    internal static string? ContentTypeOf(ReadOnlySpan<byte> image) => image switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        _ => null,
    };

    async Task Keep(DbTransaction tx, AddEvidenceRequest request, DateTimeOffset now) => await tx.Connection!.ExecuteAsync(
        """
        insert into verification_image (verification, side, content_type, image, at_ms)
        values (@Verification, @Side, @type, @kept, @at)
        on conflict (verification, side) do update
        set content_type = excluded.content_type, image = excluded.image, at_ms = excluded.at_ms
        """,
        new
        {
            request.Verification,
            request.Side,
            type = ContentTypeOf(request.Image),
            kept = await keys.Protect(tx, request.Member, Evidence.What(request.Verification, request.Side), request.Image),
            at = now.ToUnixTimeMilliseconds(),
        }, tx);

    async Task<Verification> SentOn(DbTransaction tx, Verification found, DateTimeOffset now)
    {
        var there = await Evidence.Sides(tx.Connection!, found.Id, tx);
        if (Needed.Except(there).Any())
            return found;
        var sent = found with
        {
            State = VerificationState.InReview,
            LapsesMs = now.AddDays(programme.Identity.ReviewDays).ToUnixTimeMilliseconds(),
        };
        await tx.Connection!.ExecuteAsync(
            "update verification set state = @State, lapses_ms = @LapsesMs where id = @Id", new { sent.State, sent.LapsesMs, sent.Id }, tx);
        return sent;
    }
}

/// <summary>A picture as whoever decides sees it.</summary>
public sealed record EvidenceImage(string ContentType, byte[] Image);

/// <summary>Reading evidence. Nobody but the operators of the queue does, and with a reason.</summary>
static class Evidence
{
    internal static async Task<IReadOnlyList<EvidenceSide>> Sides(DbConnection connection, VerificationId id, DbTransaction? tx = null) =>
        (await connection.QueryAsync<EvidenceSide>(
            "select side from verification_image where verification = @id order by side", new { id }, tx)).AsList();

    internal static async Task<EvidenceImage?> Read(DbConnection connection, MemberKeys keys, Verification of, EvidenceSide side)
    {
        var (type, kept) = await connection.QuerySingleOrDefaultAsync<(string? ContentType, byte[]? Image)>(
            "select content_type, image from verification_image where verification = @Id and side = @side", new { of.Id, side });
        return type is not null && await keys.Unprotect(connection, of.Member, What(of.Id, side), kept) is { } clear
            ? new EvidenceImage(type, clear)
            : null;
    }

    internal static string What(VerificationId id, EvidenceSide side) => $"evidence {id} {(int)side}";
}
