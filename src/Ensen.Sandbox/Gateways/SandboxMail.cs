using System.Data.Common;
using Dapper;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>A mail that arrived, as the sandbox's mailbox shows it.</summary>
public sealed record DeliveredMail(Guid Id, string To, string Subject, string Body, DateTimeOffset At);

/// <summary>The sandbox's post: every address has a mailbox that can be read on the sandbox page.</summary>
public sealed class SandboxMail : IMail
{
    readonly Database _db;
    readonly SandboxExchanges _exchanges;
    readonly TimeProvider _clock;

    internal SandboxMail(Database db, SandboxExchanges exchanges, TimeProvider clock) => (_db, _exchanges, _clock) = (db, exchanges, clock);

    public Task<Reply> Send(Mail mail, CancellationToken ct) => _db.Transact(async tx =>
    {
        if (await Arrived(tx, mail.Id))
            return Reply.Accepted;
        var (mood, _) = await SandboxFaults.Take(tx, Gateway.Mail);
        var reply = mood switch
        {
            FaultMode.Refuse or FaultMode.TimeOutThenRefuse or FaultMode.LateRefuse => Reply.Refused(MailStatus.NoSuchMailbox),
            FaultMode.Lost or FaultMode.TimeOutThenAccept or FaultMode.LateAccept => Reply.Unknown,
            _ => Reply.Accepted,
        };
        if (reply.Kind != ReplyKind.Refused && mood != FaultMode.Lost)
            await Deliver(tx, mail);
        await _exchanges.Note(tx, Gateway.Mail, mail.Id, $"to {mail.To}: {mail.Subject}", reply.ToString());
        return reply;
    }, ct);

    /// <summary>The latest mail, newest first: of one address, or of everybody.</summary>
    public async Task<IReadOnlyList<DeliveredMail>> Latest(int limit, string? to = null, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        var rows = to is null
            ? await connection.QueryAsync<Row>(
                """
                select id, to_address as ToAddress, subject, body, at_ms as AtMs
                from sandbox_mail
                order by at_ms desc, id desc
                limit @limit
                """,
                new { limit })
            : await connection.QueryAsync<Row>(
                """
                select id, to_address as ToAddress, subject, body, at_ms as AtMs
                from sandbox_mail
                where to_address = @address
                order by at_ms desc, id desc
                limit @limit
                """,
                new { address = Address(to), limit });
        return [.. rows.Select(r => r.Mail)];
    }

    /// <summary>One mail, or null.</summary>
    public async Task<DeliveredMail?> Read(Guid id, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        return (await connection.QuerySingleOrDefaultAsync<Row>(
            "select id, to_address as ToAddress, subject, body, at_ms as AtMs from sandbox_mail where id = @id", new { id }))?.Mail;
    }

    static async Task<bool> Arrived(DbTransaction tx, Guid id) =>
        await tx.Connection!.ExecuteScalarAsync<long>("select count(*) from sandbox_mail where id = @id", new { id }, tx) > 0;

    Task Deliver(DbTransaction tx, Mail mail) =>
        tx.Connection!.ExecuteAsync(
            """
            insert into sandbox_mail (id, to_address, subject, body, at_ms)
            values (@Id, @address, @Subject, @Body, @now)
            on conflict (id) do nothing
            """,
            new { mail.Id, address = Address(mail.To), mail.Subject, mail.Body, now = _clock.GetUtcNow().ToUnixTimeMilliseconds() }, tx);

    // Mailboxes do not care about case; what we keep in mind of a member is not touched by this.
    static string Address(string to) => to.ToLowerInvariant();

    sealed class Row
    {
        public Guid Id { get; init; }
        public string ToAddress { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Body { get; init; } = "";
        public long AtMs { get; init; }

        public DeliveredMail Mail => new(Id, ToAddress, Subject, Body, DateTimeOffset.FromUnixTimeMilliseconds(AtMs));
    }
}
