using System.Data.Common;
using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Staff;

/// <summary>Looks operators up. Nothing is kept in memory: whoever was dismissed acts no more, on every node.</summary>
public sealed class Operators(Database db)
{
    const int Most = 500;

    const string Columns =
        "o.id, o.person, p.name, o.sign_in_name, o.roles, o.state, o.invited_by, o.invited_ms";

    public async Task<Operator?> Find(OperatorId id, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await Find(connection, id);
    }

    public async Task<Operator?> FindByName(string signInName, CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Operator?>(
            $"select {Columns} from operator_account o join person p on p.id = o.person where o.sign_in_name = @name",
            new { name = SignInName.Key(signInName) });
    }

    /// <summary>The account if it may do that now; null when it may not, or is none.</summary>
    public async Task<Operator?> Acting(ActingOperator by, OperatorRoles role, CancellationToken ct = default) =>
        await Find(by.Account, ct) is { } found && found.May(role) ? found : null;

    /// <summary>All accounts, those of a person together, the dismissed last.</summary>
    public async Task<IReadOnlyList<Operator>> All(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return (await connection.QueryAsync<Operator>(
            $"""
            select {Columns}
            from operator_account o
            join person p on p.id = o.person
            order by case when o.state = @dismissed then 1 else 0 end, o.person, o.id
            limit @Most
            """,
            new { dismissed = OperatorState.Dismissed, Most })).AsList();
    }

    /// <summary>How many invitations wait for a second person.</summary>
    public async Task<int> CountWaiting(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await connection.ExecuteScalarAsync<int>("select count(*) from operator_account where state = @waiting",
            new { waiting = OperatorState.Waiting });
    }

    /// <summary>The names of persons by their ids as texts (<c>per_…</c>); a text that is none is left as it is.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesOf(IEnumerable<string> persons, CancellationToken ct = default)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var connection = await db.Connect(ct);
        foreach (var text in persons.Distinct())
            names[text] = Id.TryParse(text, out PersonId id)
                && await connection.QuerySingleOrDefaultAsync<string?>("select name from person where id = @id", new { id }) is { } name
                    ? name
                    : text;
        return names;
    }

    /// <summary>
    /// Whether the account signs in and acts; held until the transaction ends, so that whoever changes the account beside it waits.
    /// </summary>
    internal static async Task<bool> Hold(DbTransaction tx, OperatorId id) => await tx.Connection!.ExecuteAsync(
        "update operator_account set state = state where id = @id and state = @active",
        new { id, active = OperatorState.Active }, tx) == 1;

    internal static Task<Operator?> Find(DbConnection connection, OperatorId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<Operator?>(
            $"select {Columns} from operator_account o join person p on p.id = o.person where o.id = @id", new { id }, tx);
}
