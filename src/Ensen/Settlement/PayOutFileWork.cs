using System.Runtime.ExceptionServices;
using Dapper;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.Logging;

namespace Ensen.Settlement;

/// <summary>
/// Hands a file in at the bank and asks what became of it until the bank has answered line by line. It can be run any number of times at
/// once: the bank takes a file once by its id, after a doubt it is asked before anything is sent again, and each line ends once.
/// </summary>
public sealed class PayOutFileWork(Database db, GeneralLedger ledger, ExternalGateways outside, TimeProvider clock,
    ILogger<PayOutFileWork> log)
{
    public const string Kind = "pay-out-file";

    /// <summary>So long after a file was made the bank is still asked whether something of it came back.</summary>
    static readonly TimeSpan s_returns = TimeSpan.FromDays(180);

    /// <summary>Whether an answer is held against the file before it is booked. The simulation turns it off to see that somebody
    /// notices.</summary>
    internal bool Compares { get; set; } = true;

    /// <summary>Listens to the bank's bell from now on, and returns what one of the outbox's items takes.</summary>
    public Func<OutboxItem, CancellationToken, Task<OutboxResult>> Start()
    {
        outside.PayOuts.WhenNews((id, ct) => Run(new PayOutFileId(id), firstTime: false, ct));
        return (item, ct) => Run(new PayOutFileId(item.Id), firstTime: item.Attempts == 1, ct);
    }

    /// <summary>Asks about files that were answered, for what came back since.</summary>
    public async Task AskAgain(CancellationToken ct = default)
    {
        IReadOnlyList<PayOutFileId> files;
        await using (var connection = await db.Connect(ct))
            files = (await connection.QueryAsync<PayOutFileId>(
                "select file from pay_out_sending where state = @answered and made_ms > @since order by made_ms desc limit 1000",
                new
                {
                    answered = (short)PayOutSendingState.Answered,
                    since = (clock.GetUtcNow() - s_returns).ToUnixTimeMilliseconds(),
                })).AsList();
        // One file of which the answer cannot be booked holds up no other.
        var failures = new List<Exception>();
        foreach (var file in files)
            try
            {
                await Run(file, firstTime: false, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                failures.Add(e);
            }
        if (failures is [var first, ..])
            ExceptionDispatchInfo.Throw(first);
    }

    async Task<OutboxResult> Run(PayOutFileId id, bool firstTime, CancellationToken ct)
    {
        PayOutFileRow? file;
        PayOutSendingState known;
        await using (var connection = await db.Connect(ct))
        {
            file = await PayOutFiles.Row(connection, id);
            known = await PayOutSending.StateOf(connection, id);
        }
        if (file is null)
            return OutboxResult.Done;
        var standing = firstTime && known == PayOutSendingState.Made ? new PayOutStanding(Reply.Unseen)
            : await outside.PayOuts.Ask(id, ct);
        // A bank forgets a file some weeks after it has answered it, and with it that it takes it only once. So what it has taken or
        // refused before is never sent again: there is no news of it, or somebody has to ask the bank what became of it.
        if (standing.Reply.Kind == ReplyKind.Unseen && known >= PayOutSendingState.Answered)
            return OutboxResult.Done;
        if (standing.Reply.Kind == ReplyKind.Unseen && known == PayOutSendingState.Taken)
            throw NotUnderstood(id, "it has taken the file, and does not know it any more");
        if (standing.Reply.Kind == ReplyKind.Unseen)
            standing = await outside.PayOuts.Send(new PayOutOrder(id, ZenginFile.Bytes(file.Zengin)), ct);
        if (standing.Reply.Kind == ReplyKind.Refused && known == PayOutSendingState.Answered)
            throw NotUnderstood(id, "it has answered the file line by line, and refuses the whole of it");
        if (standing.Reply.Kind == ReplyKind.Refused)
        {
            await End(file, [.. Enumerable.Range(1, file.Lines).Select(line => new LineEnd(
                line, PayOutOutcome.Rejected, PayOutReasons.FileRefused))], PayOutSendingState.Refused, ct);
            return OutboxResult.Done;
        }
        if (standing.Reply.Kind != ReplyKind.Accepted)
            return OutboxResult.Later;
        await db.Transact(tx => PayOutSending.Took(tx, id, clock.GetUtcNow()), ct);
        if (standing.Answer is not { } answer)
            return OutboxResult.Later;
        var (results, fault) = ZenginAnswer.Read(answer);
        fault ??= Compares ? Differs(file, results) : null;
        if (fault is not null)
            throw NotUnderstood(id, fault);
        await End(file, [.. results.Select(r => new LineEnd(r.Line, r.Code switch
        {
            PayOutReasons.Paid => PayOutOutcome.Paid,
            PayOutReasons.Returned => PayOutOutcome.Returned,
            _ => PayOutOutcome.Rejected,
        }, r.Code == PayOutReasons.Paid ? null : PayOutReasons.Of(r.Code)))], PayOutSendingState.Answered, ct);
        return OutboxResult.Done;
    }

    /// <summary>What the bank says is not understood: nothing of it is booked, and somebody has to look.</summary>
    InvalidOperationException NotUnderstood(PayOutFileId id, string fault)
    {
        log.LogError("The bank's answer to {File} cannot be booked: {Fault}", id, fault);
        return new InvalidOperationException($"The bank's answer to {id} cannot be booked: {fault}");
    }

    /// <summary>The answer is to this file: each line as it was sent. Null when it is.</summary>
    static string? Differs(PayOutFileRow file, IReadOnlyList<ZenginResult> results)
    {
        var (sent, _) = ZenginAnswer.Read(ZenginFile.Bytes(ZenginAnswer.Write(file.Zengin, new int[file.Lines])));
        return results.Count != sent.Count ? "it has another number of lines"
            : results.Zip(sent).FirstOrDefault(z => z.First with { Code = 0 } != z.Second) is { First: { } other }
                ? FormattableString.Invariant($"line {other.Line} is not as it was sent")
            : null;
    }

    async Task End(PayOutFileRow file, IReadOnlyList<LineEnd> ends, PayOutSendingState state, CancellationToken ct)
    {
        IReadOnlyList<PayOutLine> lines;
        await using (var connection = await db.Connect(ct))
            lines = await PayOutFiles.Lines(connection, file.EntryId);
        var now = clock.Now();
        var said = ends.ToDictionary(e => e.Line);
        // What is due again, or was paid again since, the bank now calls paid: nobody but a person can tell which of it is true.
        foreach (var line in lines.Where(l => l.Outcome is PayOutOutcome.Rejected or PayOutOutcome.Returned
            && said[l.Row.Line].Outcome == PayOutOutcome.Paid))
            if (await db.Transact(tx => PayOutDoubts.Add(tx, line.Row, now), ct))
                log.LogError("The bank called line {Line} of {File} not paid, and now calls it paid: {Yen} yen of {Settlement} wait for a "
                    + "person", line.Row.Line, file.EntryId, line.Row.Amount, line.Row.Settlement);
        // What came back was paid before, also where the bank tells both at once.
        List<EndedLine> answered = [.. lines.Where(l => l.Outcome is null).Select(l => l.Ends(said[l.Row.Line] is var e
            && e.Outcome == PayOutOutcome.Returned ? new LineEnd(e.Line, PayOutOutcome.Paid, null) : e))];
        await ledger.Post(new EndPayOuts(file, answered, state, Id.New<EntryId>(now), now), ct);
        // Of a line that was paid, "not paid" means that it came back, whichever word the bank has for it.
        List<EndedLine> returned = [.. lines.Where(l => said[l.Row.Line].Outcome != PayOutOutcome.Paid
            && (l.Outcome == PayOutOutcome.Paid || l.Outcome is null && said[l.Row.Line].Outcome == PayOutOutcome.Returned))
            .Select(l => l.Ends(said[l.Row.Line] with { Outcome = PayOutOutcome.Returned }))];
        if (returned.Count > 0)
            await ledger.Post(new EndPayOuts(file, returned, state, Id.New<EntryId>(now), now), ct);
    }
}
