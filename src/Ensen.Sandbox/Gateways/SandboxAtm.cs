using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>What the machine did with the notes. Whatever it does not take comes out again.</summary>
public enum AtmTaking
{
    Taken = 1,
    UnknownNumber = 2,

    /// <summary>Notes only, in units of 1,000 yen, and at most 200 of them.</summary>
    NotesOnly = 3,
    Lapsed = 4,

    /// <summary>Notes were put in under this number before.</summary>
    Used = 5,

    /// <summary>The machine is out of order.</summary>
    OutOfOrder = 6,
}

/// <summary>The sandbox's ATM network, and the one machine that everybody stands before.</summary>
public sealed class SandboxAtm : IAtm
{
    public const string CompanyNumber = "9952";
    const long Note = 1_000;
    const long MostYen = 2_000_000;

    readonly Database _db;
    readonly Outbox _outbox;
    readonly SandboxExchanges _exchanges;
    readonly TimeProvider _clock;
    readonly SandboxCallbacks _bell;

    internal SandboxAtm(Database db, Outbox outbox, SandboxExchanges exchanges, TimeProvider clock)
    {
        (_db, _outbox, _exchanges, _clock) = (db, outbox, exchanges, clock);
        _bell = new SandboxCallbacks(Gateway.Atm, db, outbox, exchanges, clock);
    }

    public void WhenNews(NewsOfRequest hear) => _bell.WhenNews(hear);

    public Task<AtmTicket?> Expect(AtmExpectation expectation, CancellationToken ct) => _db.Transact(async tx =>
    {
        await tx.Connection!.ExecuteAsync(
            """
            insert into sandbox_atm_ticket (id, customer_number, asked_yen, until_ms, at_ms, closed)
            values (@RequestId, @number, @asked, @until, @now, false)
            on conflict (id) do nothing
            """,
            new
            {
                expectation.RequestId,
                number = RandomNumberGenerator.GetString("0123456789", 10),
                asked = expectation.Asked.Value,
                until = expectation.Until.ToUnixTimeMilliseconds(),
                now = Now,
            },
            tx);
        var ticket = await Find(tx.Connection!, expectation.RequestId, tx);
        await _exchanges.Note(tx, Gateway.Atm, expectation.RequestId, FormattableString.Invariant($"expect {expectation.Asked:N0} yen"),
            $"customer number {ticket?.CustomerNumber}");
        return ticket;
    }, ct);

    public async Task<AtmTicket?> Ask(Guid requestId, CancellationToken ct)
    {
        await using (var connection = await _db.Connect(ct))
        {
            var ticket = await Find(connection, requestId);
            if (ticket is not { Phase: AtmPhase.Lapsed })
                return ticket;
        }
        // "Lapsed" is said once and for good: the number is shut before it is said, so no machine with a slower clock takes notes for it.
        return await _db.Transact(async tx =>
        {
            await tx.Connection!.ExecuteAsync(
                "update sandbox_atm_ticket set closed = true where id = @requestId and deposited_yen is null", new { requestId }, tx);
            return await Find(tx.Connection!, requestId, tx);
        }, ct);
    }

    /// <summary>Somebody types the number and puts in notes. Our side hears of it as the gateway's mood has it.</summary>
    public async Task<AtmTaking> PutNotes(string customerNumber, Yen notes, CancellationToken ct = default)
    {
        if (notes.Value is <= 0 or > MostYen || notes.Value % Note != 0)
            return AtmTaking.NotesOnly;
        var (taking, callback) = await _db.Transact(tx => Take(tx, customerNumber, notes), ct);
        // A real machine reports before it thanks the customer, so the page that put the notes in finds them booked.
        if (callback is { } item)
            await _outbox.RunNow(item, ct);
        return taking;
    }

    async Task<(AtmTaking Taking, Guid? Callback)> Take(DbTransaction tx, string customerNumber, Yen notes)
    {
        var id = await tx.Connection!.QuerySingleOrDefaultAsync<Guid?>(
            "select id from sandbox_atm_ticket where customer_number = @customerNumber", new { customerNumber }, tx);
        if (id is not { } requestId)
            return (AtmTaking.UnknownNumber, null);
        var (mood, delayMs) = await SandboxFaults.Take(tx, Gateway.Atm);
        if (mood is FaultMode.Refuse or FaultMode.TimeOutThenRefuse or FaultMode.LateRefuse)
            return (AtmTaking.OutOfOrder, null);
        var quiet = mood is FaultMode.TimeOutThenAccept or FaultMode.Lost;
        var knownAt = quiet || mood == FaultMode.LateAccept ? Now + delayMs : Now;
        var taken = await tx.Connection!.ExecuteAsync(
            """
            update sandbox_atm_ticket
            set deposited_yen = @yen, known_ms = @knownAt
            where id = @requestId and deposited_yen is null and until_ms > @Now and not closed
            """,
            new { requestId, yen = notes.Value, knownAt, Now }, tx);
        if (taken == 0)
            return (await Used(tx, requestId) ? AtmTaking.Used : AtmTaking.Lapsed, null);
        await _exchanges.Note(tx, Gateway.Atm, requestId, null, FormattableString.Invariant($"notes counted: {notes:N0} yen"));
        return (AtmTaking.Taken, quiet ? null : await _bell.Plan(tx, requestId, mood == FaultMode.Twice ? 2 : 1, knownAt));
    }

    /// <summary>The latest tickets, newest first.</summary>
    public async Task<IReadOnlyList<AtmTicket>> Latest(int limit, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        var rows = await connection.QueryAsync<Row>(
            """
            select id, customer_number as Number, asked_yen as Asked, until_ms as UntilMs, deposited_yen as Deposited, known_ms as KnownMs, closed
            from sandbox_atm_ticket
            order by at_ms desc, id desc
            limit @limit
            """,
            new { limit });
        return [.. rows.Select(Ticket)];
    }

    /// <summary>All notes that were ever put in.</summary>
    public async Task<Yen> Deposited(CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        return new Yen(await connection.ExecuteScalarAsync<long>(
            "select cast(coalesce(sum(deposited_yen), 0) as bigint) from sandbox_atm_ticket"));
    }

    static async Task<bool> Used(DbTransaction tx, Guid requestId) =>
        await tx.Connection!.ExecuteScalarAsync<long>(
            "select count(*) from sandbox_atm_ticket where id = @requestId and deposited_yen is not null", new { requestId }, tx) > 0;

    long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    async Task<AtmTicket?> Find(DbConnection connection, Guid id, DbTransaction? tx = null) =>
        await connection.QuerySingleOrDefaultAsync<Row>(
            """
            select id, customer_number as Number, asked_yen as Asked, until_ms as UntilMs, deposited_yen as Deposited, known_ms as KnownMs, closed
            from sandbox_atm_ticket
            where id = @id
            """,
            new { id }, tx) is { } row ? Ticket(row) : null;

    AtmTicket Ticket(Row row)
    {
        var counted = row.KnownMs <= Now ? row.Deposited : null;
        var phase = counted is not null ? AtmPhase.Deposited
            : row.Deposited is null && (row.Closed || row.UntilMs <= Now) ? AtmPhase.Lapsed
            : AtmPhase.Waiting;
        return new AtmTicket(
            row.Id, CompanyNumber, row.Number, new Yen(row.Asked), DateTimeOffset.FromUnixTimeMilliseconds(row.UntilMs), phase,
            new Yen(counted ?? 0));
    }

    sealed class Row
    {
        public Guid Id { get; init; }
        public string Number { get; init; } = "";
        public long Asked { get; init; }
        public long UntilMs { get; init; }
        public long? Deposited { get; init; }
        public long? KnownMs { get; init; }
        public bool Closed { get; init; }
    }
}
