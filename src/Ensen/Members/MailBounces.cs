using System.Data.Common;
using Dapper;
using Ensen.Formats;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>The last mail to an address came back: why, as a code of RFC 3463, and when.</summary>
public sealed record MailBounce(string Code, DateTimeOffset At)
{
    /// <summary>The mailbox is not there or takes nothing: nothing more is sent to it until its owner asks for it.</summary>
    public bool Stops => MailStatus.IsDeadMailbox(Code);
}

/// <summary>
/// Keeps from which addresses mail came back: the mail server refused it, or wrote afterwards that it could not deliver it. Its owner is
/// told on their page. A mail that arrives, or the owner who asks for another, makes it forgotten.
/// </summary>
public sealed class MailBounces(Database db, TimeProvider clock)
{
    public Task Keep(byte[] addressHash, string code, CancellationToken ct = default) => db.Transact(tx => tx.Connection!.ExecuteAsync(
        """
        insert into mail_bounce (address_hash, code, at_ms)
        values (@addressHash, @code, @now)
        on conflict (address_hash) do update set code = excluded.code, at_ms = excluded.at_ms
        """,
        new { addressHash, code, now = clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx), ct);

    /// <summary>Null when nothing came back from this address, or it was forgotten since.</summary>
    public async Task<MailBounce?> Of(string? address, CancellationToken ct = default)
    {
        if (address is null)
            return null;
        await using var connection = await db.Connect(ct);
        var (code, atMs) = await connection.QuerySingleOrDefaultAsync<(string? Code, long AtMs)>(
            "select code, at_ms from mail_bounce where address_hash = @hash", new { hash = AddressHash.Of(address) });
        return code is null ? null : new MailBounce(code, DateTimeOffset.FromUnixTimeMilliseconds(atMs));
    }

    public Task Forget(string address, CancellationToken ct = default) => db.Transact(tx => Forget(tx, address), ct);

    internal static Task Forget(DbTransaction tx, string address) =>
        tx.Connection!.ExecuteAsync("delete from mail_bounce where address_hash = @hash", new { hash = AddressHash.Of(address) }, tx);
}
