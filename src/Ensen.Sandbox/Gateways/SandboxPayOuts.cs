using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>What the sandbox's bank moved for us: a transfer, or one that came back.</summary>
public sealed record SandboxMovement(Guid File, int Line, bool Back, string Holder, long Amount, long AtMs);

/// <summary>
/// The bank that pays merchants out. It takes each file once by its id, carries it out at three o'clock of its day or when it is told to,
/// rejects the lines that it is told to reject, and can let a paid line come back later.
/// </summary>
public sealed class SandboxPayOuts : IPayOutBank
{
    const char Paid = '0';
    const char NoSuchAccount = '1';
    const char CameBack = '9';
    const int CarriesOutAt = 15;

    readonly SandboxRequests _requests;
    readonly Database _db;
    readonly SandboxExchanges _exchanges;
    readonly TimeProvider _clock;
    NewsOfRequest? _hear;

    internal SandboxPayOuts(SandboxRequests requests, Database db, SandboxExchanges exchanges, TimeProvider clock) =>
        (_requests, _db, _exchanges, _clock) = (requests, db, exchanges, clock);

    public async Task<PayOutStanding> Send(PayOutOrder order, CancellationToken ct)
    {
        var text = TextOf(order.File);
        var trailer = Records(text)[^2];
        var now = _clock.GetUtcNow();
        await _db.Transact(tx => tx.Connection!.ExecuteAsync(
            "insert into sandbox_pay_out_file (id, text, received_ms) values (@FileId, @text, @now) on conflict (id) do nothing",
            new { order.FileId, text, now = now.ToUnixTimeMilliseconds() }, tx), ct);
        var hash = Convert.ToHexStringLower(SHA256.HashData(order.File))[..12];
        var reply = await _requests.Receive(order.FileId, FormattableString.Invariant($"file of {int.Parse(trailer[1..7],
            CultureInfo.InvariantCulture)} transfers {hash}"), new Yen(long.Parse(trailer[7..19], CultureInfo.InvariantCulture)), null, ct);
        return await Standing(order.FileId, reply, ct);
    }

    public async Task<PayOutStanding> Ask(Guid fileId, CancellationToken ct) =>
        await Standing(fileId, await _requests.Ask(fileId, ct), ct);

    public void WhenNews(NewsOfRequest hear)
    {
        _requests.WhenNews(hear);
        _hear = hear;
    }

    /// <summary>
    /// The bank carries a file out now, but for these lines; of a file that is carried out, these lines come back. False when the bank has
    /// no such file, or no such line.
    /// </summary>
    public async Task<bool> Answer(Guid fileId, IReadOnlyCollection<int> rejected, CancellationToken ct = default)
    {
        if (await _requests.Find(fileId, ct) is not { Fate.Kind: ReplyKind.Accepted })
            return false;
        var answered = await _db.Transact(async tx =>
        {
            if (await Lock(tx, fileId) is not { } file || rejected.Any(line => line < 1 || line > file.Lines))
                return false;
            var codes = file.Codes?.ToCharArray() ?? [.. Enumerable.Repeat(Paid, file.Lines)];
            foreach (var line in rejected)
                codes[line - 1] = file.Codes is null ? NoSuchAccount : codes[line - 1] == Paid ? CameBack : codes[line - 1];
            await Set(tx, fileId, file, new string(codes));
            return true;
        }, ct);
        if (answered && _hear is { } hear)
            await hear(fileId, ct);
        return answered;
    }

    /// <summary>What the bank moved on a day, in its order.</summary>
    public async Task<IReadOnlyList<SandboxMovement>> Statement(JapanDay day, CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        return [.. (await connection.QueryAsync<(Guid File, int Line, int Kind, string Holder, long Amount, long AtMs)>(
            """
            select file, line, kind, holder, amount, at_ms
            from sandbox_bank_movement
            where at_ms >= @from and at_ms < @until
            order by at_ms, file, line, kind
            limit 10000
            """,
            new { from = day.Start.ToUnixTimeMilliseconds(), until = day.Next.Start.ToUnixTimeMilliseconds() }))
            .Select(m => new SandboxMovement(m.File, m.Line, m.Kind == 2, m.Holder, m.Amount, m.AtMs))];
    }

    /// <summary>How many files the bank has taken.</summary>
    public async Task<long> Files(CancellationToken ct = default)
    {
        await using var connection = await _db.Connect(ct);
        return await connection.ExecuteScalarAsync<long>("select count(*) from sandbox_pay_out_file");
    }

    /// <summary>Accepted, the file is there and is carried out when its hour has come; a file that was lost on its way is not.</summary>
    async Task<PayOutStanding> Standing(Guid id, Reply reply, CancellationToken ct)
    {
        if (reply.Kind != ReplyKind.Accepted)
            return new PayOutStanding(reply);
        return await _db.Transact(async tx =>
        {
            if (await Lock(tx, id) is not { } file)
                return new PayOutStanding(Reply.Unseen);
            var codes = file.Codes;
            if (codes is null && _clock.GetUtcNow() >= DueAt(file))
                await Set(tx, id, file, codes = new string(Paid, file.Lines));
            return new PayOutStanding(reply, codes is null ? null
                : ZenginFile.Bytes(ZenginAnswer.Write(file.Text, [.. codes.Select(c => c - '0')])));
        }, ct);
    }

    async Task Set(DbTransaction tx, Guid id, FileTaken file, string codes)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        await tx.Connection!.ExecuteAsync("update sandbox_pay_out_file set codes = @codes where id = @id", new { id, codes }, tx);
        var records = Records(file.Text);
        var moved = new List<object>();
        for (var i = 0; i < file.Lines; i++)
        {
            var before = file.Codes?[i];
            if (before is null && codes[i] == Paid)
                moved.Add(Moved(i, 1));
            else if (before == Paid && codes[i] == CameBack)
                moved.Add(Moved(i, 2));
        }
        await tx.Connection!.ExecuteAsync(
            """
            insert into sandbox_bank_movement (file, line, kind, holder, amount, at_ms)
            values (@id, @line, @kind, @holder, @amount, @now)
            """, moved, tx);
        await _exchanges.Note(tx, Gateway.PayOuts, id, null, FormattableString.Invariant(
            $"carried out: {codes.Count(c => c == Paid)} paid, {codes.Count(c => c != Paid)} not"));

        object Moved(int i, int kind) => new
        {
            id,
            line = i + 1,
            kind,
            holder = records[i + 1][50..80].TrimEnd(),
            amount = long.Parse(records[i + 1][80..90], CultureInfo.InvariantCulture),
            now,
        };
    }

    /// <summary>The file, which nobody else changes until the transaction is over; null when the bank has none.</summary>
    static async Task<FileTaken?> Lock(DbTransaction tx, Guid id)
    {
        var (text, received, codes) = await tx.Connection!.QuerySingleOrDefaultAsync<(string? Text, long ReceivedMs, string? Codes)>(
            "update sandbox_pay_out_file set received_ms = received_ms where id = @id returning text, received_ms, codes", new { id }, tx);
        return text is null ? null : new FileTaken(text, received, codes);
    }

    /// <summary>Three o'clock of the day that the header names: its first one since the file came.</summary>
    static DateTimeOffset DueAt(FileTaken file)
    {
        var (came, monthAndDay) = (JapanDay.Of(Instant.OfMilliseconds(file.ReceivedMs)), int.Parse(Records(file.Text)[0][54..58],
            CultureInfo.InvariantCulture));
        for (var (day, tries) = (came, 0); tries < 366; day = day.Next, tries++)
            if (day.Date.Month * 100 + day.Date.Day == monthAndDay)
                return day.Start.AddHours(CarriesOutAt);
        return came.Start;
    }

    static string[] Records(string text) => text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    static string TextOf(byte[] file)
    {
        var text = new StringBuilder(file.Length);
        foreach (var b in file)
            text.Append(b >= 0xA1 ? (char)(b - 0xA1 + 0xFF61) : (char)b);
        return text.ToString();
    }

    sealed record FileTaken(string Text, long ReceivedMs, string? Codes)
    {
        public int Lines => Records(Text).Length - 3;
    }
}
