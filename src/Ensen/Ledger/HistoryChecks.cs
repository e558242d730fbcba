using System.Data;
using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>A check and what it found: its first broken rows, none when it holds.</summary>
public sealed record Finding(string Check, IReadOnlyList<string> Broken);

/// <summary>What looking through all of history found.</summary>
/// <param name="Detached">Entries of months that were taken away: their seals hold, their rows are elsewhere.</param>
public sealed record HistoryFound(IReadOnlyList<Finding> Findings, long Entries, long Postings, long Detached);

/// <summary>
/// What always holds of each entry, checked in one walk through history: its legs, what features keep beside it, what happened once with
/// it, its idempotency keys, and its seal (I1, I4, I6 and I8 of the design).
/// </summary>
public sealed class HistoryChecks(Database db, DateTimeOffset now)
{
    readonly IReadOnlyList<DetailCheck> _kept = db.Catalogue.All<DetailCheck>();
    readonly NumberTable<AccountType> _accountTypes = db.Catalogue.Numbers<AccountType>();
    const int Page = 5_000;
    const string Sums = "I1 the legs of each entry sum to zero, in yen and in points";
    const string Belongs = "I1 each posting belongs to an entry, and each entry has postings";
    const string Moves = "I1 the row of each payment, refund, transfer and charge says what its entry moved";
    const string Rows = "I4 each payment, refund, transfer and completed charge has one entry, and each such entry its row";
    const string Keys = "I4 the idempotency keys of each entry and their answers are as they were sealed with it";
    const string Chains = "I6 the seals of each lane follow each other without a gap";
    const string Covers = "I6 the seals cover every entry as it stands";
    const string IsAttached = "I6 what is kept beside an entry is as it was sealed with it";
    const string Once = "I8 what may happen once only names the entry with which it happened";

    static readonly byte[] s_nothing = Attached.HashOf([], [], []);

    readonly Dictionary<string, List<string>> _broken = new[] { Sums, Belongs, Moves, Rows, Keys, Chains, Covers, IsAttached,
        Once }.ToDictionary(c => c, _ => new List<string>());
    Guid _until;

    /// <param name="part">Is told from time to time which part of the entries is done.</param>
    public async Task<HistoryFound> Run(Action<double> part, CancellationToken ct = default)
    {
        await using var look = await Snapshot.Take(db, ct);
        _until = await look.Connection.QueryFirstOrDefaultAsync<Guid>(
            "select until from detached_month order by month desc limit 1", transaction: look.Tx);
        var all = await look.Connection.ExecuteScalarAsync<long>(
            new CommandDefinition("select count(*) from entry", transaction: look.Tx, commandTimeout: Check.LongTime));
        await using var seals = await SealChecks.Begin(db, look, _until, ct);
        var (entries, postings) = (0L, 0L);
        // One page is judged while the next is read.
        var (page, judging) = (new List<WholeEntry>(Page), Task.CompletedTask);
        try
        {
            _broken[Chains].AddRange(await seals.Chains());
            var last = Guid.Empty;
            await foreach (var entry in new HistoryWalk(look, db.Catalogue)
            {
                // One line an entry, however many of its postings there are.
                PostingAlone = id =>
                    { postings++; if (id != last) Say(Belongs, $"a posting belongs to {IdPlaceholder.Entry(last = id)}, which does not exist"); },
                SingleUseAlone = (id, use) =>
                    SayHere(id, Once, $"{IdPlaceholder.SingleUse(use)} names {IdPlaceholder.Entry(id)}, which does not exist"),
                KeyAlone = id => SayHere(id, Keys, $"an idempotency key names {IdPlaceholder.Entry(id)}, which does not exist"),
                RowAlone = (id, kept) => SayHere(id, Rows, $"{IdPlaceholder.Entry(id)} has a row in {kept.Table} and no entry"),
            }.Entries())
            {
                ct.ThrowIfCancellationRequested();
                postings += entry.Legs.Count;
                entries++;
                page.Add(entry);
                if (page.Count < Page)
                    continue;
                await judging;
                judging = Judge(page, seals);
                page = new List<WholeEntry>(Page);
                part((double)entries / Math.Max(entries, all));
            }
            await judging;
            await (judging = Judge(page, seals));
            _broken[Covers].AddRange(await seals.End());
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            Say(Belongs, Unreadable(e));
        }
        finally
        {
            await judging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return new HistoryFound([.. _broken.Select(b => new Finding(b.Key, b.Value))], entries, postings, seals.Detached);
    }

    /// <summary>Somebody wrote into a table what no program of ours writes there.</summary>
    internal static bool IsUnreadable(Exception e) =>
        e is InvalidCastException or DataException or OverflowException or FormatException or ArgumentException;

    internal static string Unreadable(Exception e) => "a row cannot be read: " + (e.InnerException ?? e).Message.ReplaceLineEndings(" ");

    /// <summary>On another processor; on this one where all has to stay in one place, as in a simulation.</summary>
    Task Judge(List<WholeEntry> page, SealChecks seals) =>
        SynchronizationContext.Current is null ? Task.Run(() => JudgeHere(page, seals)) : JudgeHere(page, seals);

    Task JudgeHere(List<WholeEntry> page, SealChecks seals)
    {
        foreach (var entry in page)
            Judge(entry);
        return seals.Cover(page);
    }

    void Judge(WholeEntry entry)
    {
        var (head, mark) = (entry.Head, IdPlaceholder.Entry(entry.Head.Id));
        var (yen, points) = Sum(entry.Legs);
        if (yen != 0)
            Say(Sums, FormattableString.Invariant($"{mark} sums to {yen} yen"));
        if (points != 0)
            Say(Sums, FormattableString.Invariant($"{mark} sums to {points} points"));
        if (entry.Legs.Count == 0)
            Say(Belongs, $"{mark} has no postings");
        foreach (var one in _kept)
        {
            var (rows, isDue) = (entry.CountOf(one), one.IsDue(head));
            if (isDue && rows == 0 && one.ManyBy is null)
                Say(Rows, $"{mark} is an entry without a row of its own");
            else if (rows > (!isDue ? 0 : one.ManyBy is null ? 1 : int.MaxValue))
                Say(Rows, $"{mark} has a row in {one.Table} that is not its own");
        }
        foreach (var (one, row) in entry.Rows)
            if (one.Differs(row, entry) is { } differs)
                Say(Moves, differs);
        // A feature that gives the attached hash itself (a charge) holds its own row against that.
        if (head.AttachedHash is null or { Length: Attached.Length })
            CheckAttached(entry, mark);
    }

    void CheckAttached(WholeEntry entry, string mark)
    {
        var details = entry.Details();
        var (hash, was) = (Attached.HashOf(details, entry.SingleUses, entry.Keys), entry.Head.AttachedHash ?? s_nothing);
        if (!Attached.RowsIn(hash).SequenceEqual(Attached.RowsIn(was)))
            Say(IsAttached,
                $"what is kept beside {mark} ({string.Join(", ", details.Select(r => r.Table.Name).Append("single_use"))}) is not as it was sealed with it");
        if (!Attached.KeysIn(hash).SequenceEqual(Attached.KeysIn(was))
            && now - DateTimeOffset.FromUnixTimeMilliseconds(entry.Head.AtMs) < TimeSpan.FromDays(ForgetKeys.KeptDays))
            Say(Keys, $"an idempotency key of {mark} or its answer was changed, added or taken out");
    }

    (Int128 Yen, Int128 Points) Sum(List<PostingLine> legs)
    {
        Int128 yen = 0, points = 0;
        foreach (var leg in legs)
            if (_accountTypes.Find(leg.AccountType)?.Unit == Unit.Point)
                points += leg.Amount;
            else
                yen += leg.Amount;
        return (yen, points);
    }

    /// <summary>Of what stands beside an entry whose month was taken away, nothing can be said.</summary>
    void SayHere(Guid entry, string check, string line)
    {
        if (entry.CompareTo(_until) >= 0)
            Say(check, line);
    }

    void Say(string check, string line)
    {
        lock (_broken)
            if (_broken[check].Count < Check.MostRows)
                _broken[check].Add(line);
    }
}
