using System.Data.Common;
using Dapper;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// I6: the seals of each lane chain without a gap, and together cover every entry as it stands. Everything is computed again from the
/// entries and postings in one look at the database (payments may go on), and only what is open is held in memory.
/// </summary>
public sealed class SealChecks : IAsyncDisposable
{
    const int Page = 5_000;
    const int MostLines = 10;

    readonly Snapshot _look;
    readonly DbConnection _beside;
    readonly Dictionary<(short Lane, long Number), Open> _open = [];
    readonly List<string> _broken = [];
    long _seals;
    long _whole;
    Guid _until;

    /// <summary>Entries of months that were taken away: their seals hold, their rows are elsewhere.</summary>
    public long Detached { get; private set; }

    SealChecks(Snapshot look, DbConnection beside) => (_look, _beside) = (look, beside);

    public static async Task<SealChecks> Begin(Database db, CancellationToken ct = default) => new(await Snapshot.Take(db, ct), await db.Connect(ct));

    /// <summary>The chains alone: each seal's own hash, its number, and the seal before it. Empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> Chains()
    {
        var broken = new List<string>();
        var (lane, head) = ((short)-1, SealHead.None);
        await foreach (var seal in _look.Connection.QueryUnbufferedAsync<SealRow>(
            "select lane, number, at_ms, entries, root, previous, hash from seal order by lane, number", transaction: _look.Tx, commandTimeout: 3_600))
        {
            if (seal.Lane != lane)
                (lane, head) = (seal.Lane, SealHead.None);
            if (Wrong(seal, head) is { } wrong && broken.Count < MostLines)
                broken.Add(FormattableString.Invariant($"seal {seal.Number} of lane {seal.Lane} {wrong}"));
            head = new SealHead(seal.Number, seal.Hash, seal.AtMs);
            _seals++;
        }
        return broken;
    }

    /// <summary>Every entry, from its postings, against the seal that covers it; run after <see cref="Chains"/>. Names what was changed, added or taken out.</summary>
    public async Task<IReadOnlyList<string>> Entries()
    {
        var page = new List<SealedEntry>(Page);
        _until = await _look.Connection.QueryFirstOrDefaultAsync<Guid>("select until from detached_month order by month desc limit 1", transaction: _look.Tx);
        await foreach (var line in _look.Connection.QueryUnbufferedAsync<EntryLine>(
            """
            select e.id, e.kind, e.at_ms, e.asked_by, e.store_id, e.corrects, e.request_hash, e.owners, e.lane, e.seal,
              p.owner, p.leg, p.book, p.term, p.amount, p.balance_after
            from entry e
            left join posting p on p.entry_id = e.id
            order by e.id, p.leg
            """,
            transaction: _look.Tx, commandTimeout: 3_600))
        {
            if (page.Count == 0 || page[^1].Head.Id != line.Id)
            {
                if (page.Count == Page)
                    await Cover(page);
                page.Add(new SealedEntry(line.Head, []));
            }
            if (line.Leg is not null)
                page[^1].Legs.Add(line.Posting);
            if (_broken.Count >= MostLines)
                return _broken;
        }
        await Cover(page);
        foreach (var (seal, open) in _open)
            await Name(seal, open);
        if (_broken.Count == 0 && _whole != _seals)
            await NameEmpty();
        return _broken;
    }

    static string? Wrong(SealRow seal, SealHead before)
    {
        if (seal.Number != before.Number + 1)
            return FormattableString.Invariant($"follows seal {before.Number}: seals are missing or out of order");
        if (!seal.Previous.AsSpan().SequenceEqual(before.Hash))
            return FormattableString.Invariant($"does not name the hash of seal {before.Number}");
        if (!seal.Hash.AsSpan().SequenceEqual(SealedRecord.Seal(seal.Lane, seal.Number, seal.AtMs, seal.Entries, seal.Root, seal.Previous)))
            return "was changed: its hash is another";
        return seal.AtMs < before.AtMs ? "is older than the seal before it" : null;
    }

    async Task Cover(List<SealedEntry> page)
    {
        await Fetch(page.Select(e => (e.Head.Lane, e.Head.Seal)));
        foreach (var (head, legs) in page)
        {
            if (!Entry.OwnersOf(head.Owners).ToHashSet().SetEquals(legs.Select(l => l.Owner)))
                _broken.Add($"{Mark.Entry(head.Id)} does not list the owners of its postings");
            if (!_open.TryGetValue((head.Lane, head.Seal), out var open))
            {
                _broken.Add(FormattableString.Invariant($"{Mark.Entry(head.Id)} names seal {head.Seal} of lane {head.Lane}, which does not exist"));
                continue;
            }
            open.Leaves.Add((head.Id, head.Leaf(legs, open.Seal.Secret)));
            if (open.Leaves.Count < open.Seal.Entries)
                continue;
            open.Leaves.Sort(static (a, b) => a.Id.CompareTo(b.Id));
            if (MerkleTree.Root([.. open.Leaves.SelectMany(l => l.Hash)]).AsSpan().SequenceEqual(open.Seal.Root))
                _whole++;
            else
                await Name((head.Lane, head.Seal), open);
            _open.Remove((head.Lane, head.Seal));
        }
        page.Clear();
    }

    async Task Fetch(IEnumerable<(short Lane, long Seal)> wanted)
    {
        foreach (var lane in wanted.Where(w => !_open.ContainsKey((w.Lane, w.Seal))).GroupBy(w => w.Lane, w => w.Seal))
        {
            var numbers = lane.ToHashSet();
            foreach (var (first, last) in Runs(numbers.Order()))
                foreach (var seal in await _beside.QueryAsync<SealSecret>(
                    "select lane, number, entries, root, substr(leaves, 1, 32) as secret from seal where lane = @Key and number between @first and @last",
                    new { lane.Key, first, last }))
                    if (numbers.Contains(seal.Number))
                        _open[(seal.Lane, seal.Number)] = new Open(seal, []);
        }
    }

    /// <summary>Neighbours are read together: numbers that lie less than 100 apart.</summary>
    static IEnumerable<(long First, long Last)> Runs(IEnumerable<long> numbers)
    {
        (long First, long Last)? run = null;
        foreach (var number in numbers)
        {
            if (run is { } r && number - r.Last >= 100)
            {
                yield return r;
                run = null;
            }
            run = (run?.First ?? number, number);
        }
        if (run is { } end)
            yield return end;
    }

    /// <summary>Says which entries of a seal are not as they were sealed.</summary>
    async Task Name((short Lane, long Number) seal, Open open) =>
        Name(seal, open, await _beside.QuerySingleAsync<byte[]>("select leaves from seal where lane = @Lane and number = @Number", new { seal.Lane, seal.Number }));

    void Name((short Lane, long Number) seal, Open open, byte[] leaves)
    {
        var (named, before) = (FormattableString.Invariant($"seal {seal.Number} of lane {seal.Lane}"), _broken.Count);
        foreach (var (id, hash) in open.Leaves)
            switch (Seal.PlaceOf(leaves, id))
            {
                case -1:
                    _broken.Add($"{Mark.Entry(id)} was added: {named} does not cover it");
                    break;
                case var place when !hash.AsSpan().SequenceEqual(Seal.HashIn(leaves, place)):
                    _broken.Add($"{Mark.Entry(id)} or one of its postings was changed: {named} says otherwise");
                    break;
            }
        var (there, away) = (open.Leaves.Select(l => l.Id).ToHashSet(), 0);
        for (var i = 0; i < Seal.CountIn(leaves); i++)
            if (Seal.IdIn(leaves, i) is var id && !there.Contains(id))
                if (id.CompareTo(_until) < 0)
                    away++;
                else
                    _broken.Add($"{Mark.Entry(id)} is gone: {named} covers it");
        if (_broken.Count == before && !(away > 0 && HoldsByItself(leaves, open.Seal)))
            _broken.Add($"{named} does not agree with its own leaves");
        Detached += away;
    }

    /// <summary>Whether the leaves that a seal keeps make its root, and are as many as it says.</summary>
    static bool HoldsByItself(byte[] leaves, SealSecret seal) =>
        Seal.CountIn(leaves) == seal.Entries
        && MerkleTree.Root(Seal.Hashes(leaves)).AsSpan().SequenceEqual(seal.Root);

    /// <summary>Some seals lost all of their entries, with a month that was taken away or otherwise: nobody named them on the way.</summary>
    async Task NameEmpty()
    {
        await foreach (var (lane, number, entries, root, leaves) in _look.Connection.QueryUnbufferedAsync<(short, long, int, byte[], byte[])>(
            """
            select s.lane, s.number, s.entries, s.root, s.leaves
            from seal s
            left join (select distinct lane, seal from entry) e on e.lane = s.lane and e.seal = s.number
            where e.lane is null
            order by s.lane, s.number
            """,
            transaction: _look.Tx, commandTimeout: 3_600))
        {
            Name((lane, number), new Open(new SealSecret(lane, number, entries, root, leaves[..Math.Min(leaves.Length, MerkleTree.HashLength)]), []), leaves);
            if (_broken.Count >= MostLines)
                return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _look.DisposeAsync();
        await _beside.DisposeAsync();
    }

    sealed record Open(SealSecret Seal, List<(Guid Id, byte[] Hash)> Leaves);

    sealed record SealedEntry(EntryRow Head, List<PostingLine> Legs);

    sealed record EntryLine(
        Guid Id, short Kind, long AtMs, Guid AskedBy, Guid? StoreId, Guid? Corrects, byte[]? RequestHash, byte[] Owners, short Lane, long Seal,
        Guid? Owner, short? Leg, short? Book, int? Term, long? Amount, long? BalanceAfter)
    {
        public EntryRow Head => new(Id, Kind, AtMs, AskedBy, StoreId, Corrects, RequestHash, Owners, Lane, Seal);

        public PostingLine Posting => new(Owner!.Value, Leg!.Value, Book!.Value, Term!.Value, Amount!.Value, BalanceAfter);
    }
}
