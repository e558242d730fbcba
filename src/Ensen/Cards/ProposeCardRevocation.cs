using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Cards;

/// <summary>Numbers that leaked. <paramref name="Text"/>: a number a line, alone or as the first field of a CSV, of any issuer.</summary>
public sealed record ProposeCardRevocationRequest(string Text, string Reason, ActingOperator By, IdempotencyKey? Key = null);

/// <summary>Why it is not proposed, in the order it is checked; the names are the contract's codes.</summary>
public enum ProposeCardRevocationRefusal
{
    None = 0,

    /// <summary>Whoever proposes may not.</summary>
    Forbidden = 1,

    /// <summary>The reason is missing or longer than a line of 200 characters, or there are too many lines.</summary>
    InvalidRequest = 2,

    /// <summary>No line is the number of a card.</summary>
    InvalidCode = 3,
    KeyReused = 4,
}

/// <summary>
/// The first of two people: names the numbers of cards that leaked. Only their hashes are kept, and nothing comes of it until another
/// approves.
/// </summary>
public sealed class ProposeCardRevocation(
    Database db, Operators operators, OperatorLog log, IPointCardIssuers issuers, CardNumbers numbers, TimeProvider clock)
{
    public const int MostLines = 100_000;

    /// <summary>So many numbers go into one statement.</summary>
    const int Chunk = 200;

    static readonly char[] s_ends = [',', ';', '\t'];

    public async Task<Answer<CardRevocation, ProposeCardRevocationRefusal>> Run(
        ProposeCardRevocationRequest request, CancellationToken ct = default)
    {
        var by = await operators.Acting(request.By, OperatorRoles.Security, ct);
        var (hashes, unread) = Read(request.Text);
        if (Decide(by is not null, request.Reason, hashes.Count, hashes.Count + unread) is not ProposeCardRevocationRefusal.None and var no)
            return no;
        var now = clock.Now();
        var id = Id.New<CardRevocationId>(now);
        var isNew = await db.Transact(async tx =>
        {
            if (request.Key is { } key)
            {
                if (!await IdempotencyKeys.Take(tx, key, now))
                    return false;
                await IdempotencyKeys.Answer(tx, key.Caller, key.Key, id.ToString());
            }
            await tx.Connection!.ExecuteAsync(
                """
                insert into card_revocation (id, state, reason, numbers, unread, proposed_by, proposed_ms)
                values (@id, @state, @reason, @numbers, @unread, @person, @at)
                """,
                new
                {
                    id,
                    state = (short)CardRevocationState.Proposed,
                    reason = request.Reason.Trim(),
                    numbers = hashes.Count,
                    unread,
                    person = FourEyes.Kept(by!.Person),
                    at = now.ToUnixTimeMilliseconds(),
                }, tx);
            foreach (var some in hashes.Chunk(Chunk))
            {
                var values = new DynamicParameters(new { id });
                for (var i = 0; i < some.Length; i++)
                    values.Add($"h{i}", some[i]);
                await tx.Connection!.ExecuteAsync(
                    "insert into card_revocation_number (revocation, number_hash) values "
                        + string.Join(", ", some.Select((_, i) => $"(@id, @h{i})")),
                    values, tx);
            }
            await log.Append(tx, OperatorAct.ProposedCardRevocation, by, request.By, id.ToString(), request.Reason,
                FormattableString.Invariant($"{hashes.Count} numbers"));
            return true;
        }, ct);
        await using var connection = await db.Connect(ct);
        return isNew ? (await CardRevocations.Find(connection, id))! : await Earlier(connection, request.Key!);
    }

    static async Task<Answer<CardRevocation, ProposeCardRevocationRefusal>> Earlier(DbConnection connection, IdempotencyKey key) =>
        await IdempotencyKeys.Find(connection, key) is { } found && key.IsSameRequest(found)
        && Id.TryParse(found.Answer, out CardRevocationId id) && await CardRevocations.Find(connection, id) is { } earlier
            ? ((Answer<CardRevocation, ProposeCardRevocationRefusal>)earlier).AsReplay() : ProposeCardRevocationRefusal.KeyReused;

    /// <summary>The checks in the order of the refusals.</summary>
    internal static ProposeCardRevocationRefusal Decide(bool may, string reason, int numbers, int lines)
    {
        if (!may) return ProposeCardRevocationRefusal.Forbidden;
        if (!OperatorLine.IsOne(reason) || lines > MostLines) return ProposeCardRevocationRefusal.InvalidRequest;
        return numbers == 0 ? ProposeCardRevocationRefusal.InvalidCode : ProposeCardRevocationRefusal.None;
    }

    (List<byte[]> Hashes, int Unread) Read(string text)
    {
        var (seen, hashes, unread) = (new HashSet<string>(), new List<byte[]>(), 0);
        foreach (var line in text.Split('\n'))
        {
            var field = line.Split(s_ends, 2)[0].Trim().Trim('"', '\uFEFF');
            if (field.Length == 0 || !seen.Add(field))
                continue;
            if (HashOf(field) is not { } hash)
                unread++;
            else if (seen.Add(Convert.ToHexString(hash)))
                hashes.Add(hash);
        }
        return (hashes, unread);
    }

    byte[]? HashOf(string field)
    {
        foreach (var issuer in issuers.All)
            if (CardNumbers.Digits(issuer, field) is { } number)
                return numbers.Hash(issuer.Code, number);
        return null;
    }
}
