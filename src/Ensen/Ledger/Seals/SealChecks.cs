using System.Data.Common;
using Dapper;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// I6: the seals of each lane chain without a gap, and together cover every entry as it stands. Everything is computed again from the
/// entries and postings in one look at the database (payments may go on), and only seals that still miss entries are held in memory.
/// </summary>
sealed class SealChecks : IAsyncDisposable
{
    const int MostLines = 10;

    readonly Snapshot _look;
    readonly DbConnection _beside;
    readonly Dictionary<(short Lane, long Number), OpenSeal> _open = [];
    readonly List<string> _broken = [];
    readonly Guid _until;
    long _seals;
    long _whole;

    /// <summary>Entries of months that were taken away: their seals hold, their rows are elsewhere.</summary>
    public long Detached { get; private set; }

    SealChecks(Snapshot look, DbConnection beside, Guid until) => (_look, _beside, _until) = (look, beside, until);

    /// <param name="until">The first id of the months that are here.</param>
    public static async Task<SealChecks> Begin(Database db, Snapshot look, Guid until, CancellationToken ct = default) =>
        new(look, await db.Connect(ct), until);

    /// <summary>The chains alone: each seal's own hash, its number, and the seal before it. Empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> Chains()
    {
        var broken = new List<string>();
        var (lane, head) = ((short)-1, SealHead.None);
        await foreach (var seal in _look.Connection.QueryUnbufferedAsync<SealRow>(
            "select lane, number, at_ms, entries, root, previous, hash from seal order by lane, number", transaction: _look.Tx,
            commandTimeout: Check.LongTime))
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

    /// <summary>The next entries of the walk, against the seals that cover them; <see cref="End"/> follows the last ones.</summary>
    public async Task Cover(IReadOnlyList<WholeEntry> page)
    {
        if (_broken.Count >= MostLines)
            return;
        await Fetch(page.Select(e => (e.Head.Lane, e.Head.Seal)));
        foreach (var entry in page)
            Cover(entry.Head, entry.Legs);
    }

    /// <summary>Names what was changed, added or taken out; run after <see cref="Chains"/>.</summary>
    public async Task<IReadOnlyList<string>> End()
    {
        if (_broken.Count >= MostLines)
            return _broken;
        foreach (var (seal, open) in _open)
            Name(seal, open);
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

    void Cover(EntryRow head, List<PostingLine> legs)
    {
        if (!Entry.OwnersOf(head.Owners).ToHashSet().SetEquals(legs.Select(l => l.Owner)))
            _broken.Add($"{IdPlaceholder.Entry(head.Id)} does not list the owners of its postings");
        if (!_open.TryGetValue((head.Lane, head.Seal), out var open))
        {
            _broken.Add(FormattableString.Invariant($"{IdPlaceholder.Entry(head.Id)} names seal {head.Seal} of lane {head.Lane}, which does not exist"));
            return;
        }
        open.Leaves.Add((head.Id, head.Leaf(legs, open.Seal.Leaves.AsSpan(0, Math.Min(open.Seal.Leaves.Length, Salts.SecretLength)))));
        if (open.Leaves.Count < open.Seal.Entries)
            return;
        open.Leaves.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        if (Agree(open.Leaves, open.Seal.Leaves) && HoldsByItself(open.Seal))
            _whole++;
        else
            Name((head.Lane, head.Seal), open);
        _open.Remove((head.Lane, head.Seal));
    }

    async Task Fetch(IEnumerable<(short Lane, long Seal)> reads)
    {
        foreach (var lane in reads.Where(w => !_open.ContainsKey((w.Lane, w.Seal))).GroupBy(w => w.Lane, w => w.Seal))
        {
            var numbers = lane.ToHashSet();
            foreach (var (first, last) in Runs(numbers.Order()))
                foreach (var seal in await _beside.QueryAsync<SealLeaves>(
                    "select lane, number, entries, root, leaves from seal where lane = @Key and number between @first and @last",
                    new { lane.Key, first, last }))
                    if (numbers.Contains(seal.Number))
                        _open[(seal.Lane, seal.Number)] = new OpenSeal(seal, []);
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

    /// <summary>Whether these are the leaves that the seal keeps, one for one, in their order.</summary>
    static bool Agree(List<(Guid Id, byte[] Hash)> found, byte[] leaves)
    {
        if (found.Count != Seal.CountIn(leaves) || leaves.Length != Salts.SecretLength + found.Count * Seal.LeafLength)
            return false;
        for (var i = 0; i < found.Count; i++)
            if (found[i].Id != Seal.IdIn(leaves, i) || !found[i].Hash.AsSpan().SequenceEqual(Seal.HashIn(leaves, i)))
                return false;
        return true;
    }

    /// <summary>Says which entries of a seal are not as they were sealed.</summary>
    void Name((short Lane, long Number) seal, OpenSeal open)
    {
        var leaves = open.Seal.Leaves;
        var (named, before) = (FormattableString.Invariant($"seal {seal.Number} of lane {seal.Lane}"), _broken.Count);
        foreach (var (id, hash) in open.Leaves)
            switch (Seal.PlaceOf(leaves, id))
            {
                case -1:
                    _broken.Add($"{IdPlaceholder.Entry(id)} was added: {named} does not cover it");
                    break;
                case var place when !hash.AsSpan().SequenceEqual(Seal.HashIn(leaves, place)):
                    _broken.Add($"{IdPlaceholder.Entry(id)} or one of its postings was changed: {named} says otherwise");
                    break;
            }
        var (there, away) = (open.Leaves.Select(l => l.Id).ToHashSet(), 0);
        for (var i = 0; i < Seal.CountIn(leaves); i++)
            if (Seal.IdIn(leaves, i) is var id && !there.Contains(id))
                if (id.CompareTo(_until) < 0)
                    away++;
                else
                    _broken.Add($"{IdPlaceholder.Entry(id)} is gone: {named} covers it");
        if (_broken.Count == before && !(away > 0 && HoldsByItself(open.Seal)))
            _broken.Add($"{named} does not agree with its own leaves");
        Detached += away;
    }

    /// <summary>Whether the leaves that a seal keeps make its root, and are as many as it says.</summary>
    static bool HoldsByItself(SealLeaves seal) =>
        Seal.CountIn(seal.Leaves) == seal.Entries
        && MerkleTree.Root(Seal.Hashes(seal.Leaves)).AsSpan().SequenceEqual(seal.Root);

    /// <summary>
    /// Some seals lost all of their entries, with a month that was taken away or otherwise: nobody named them on the way.
    /// </summary>
    async Task NameEmpty()
    {
        await foreach (var seal in _look.Connection.QueryUnbufferedAsync<SealLeaves>(
            """
            select s.lane, s.number, s.entries, s.root, s.leaves
            from seal s
            left join (select distinct lane, seal from entry) e on e.lane = s.lane and e.seal = s.number
            where e.lane is null
            order by s.lane, s.number
            """,
            transaction: _look.Tx, commandTimeout: Check.LongTime))
        {
            Name((seal.Lane, seal.Number), new OpenSeal(seal, []));
            if (_broken.Count >= MostLines)
                return;
        }
    }

    public ValueTask DisposeAsync() => _beside.DisposeAsync();

    sealed record OpenSeal(SealLeaves Seal, List<(Guid Id, byte[] Hash)> Leaves);
}
