using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Formats;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>
/// Everything that is kept about a member, for the member: what each module declares (<see cref="PersonalTable"/>), section by section. It
/// holds no secret and nothing of others.
/// </summary>
public sealed class ExportMember(Database db, MemberDirectory members, OwnVerifications verifications, TimeProvider clock)
{
    /// <summary>What a challenge says that is to get all of it: whoever holds a session alone gets nothing.</summary>
    public static StepUpPurpose Purpose { get; } = new("export", lasts: true);

    /// <summary>Rows of one section; nobody has more in seven years of records.</summary>
    const int Most = 1_000_000;

    public async Task<JsonObject?> Run(MemberId id, CancellationToken ct = default)
    {
        if (await members.Find(id, ct) is not { } member)
            return null;
        var export = new JsonObject { ["exportedAt"] = JapanDay.InTokyo(clock.Now()), ["memberId"] = id.ToString() };
        var values = new { member = id, number = id.ToString(), addressHash = member.Email is { } email ? AddressHash.Of(email) : [] };
        await using var connection = await db.Connect(ct);
        foreach (var table in db.Catalogue.All<PersonalTable>().Where(t => t.Section is not null))
            export[table.Section!] = await Rows(connection, db.Catalogue, table, values, ct);
        // What is kept under the member's own key is read with it.
        export["identity"] = new JsonArray([.. (await verifications.Details(id, ct)).Select(typed => (JsonNode)new JsonObject
        {
            ["name"] = typed.Name,
            ["kana"] = typed.Kana,
            ["bornOn"] = typed.BornOn,
            ["address"] = typed.Address,
        })]);
        return export;
    }

    static async Task<JsonArray> Rows(
        DbConnection connection, Catalogue catalogue, PersonalTable table, object values, CancellationToken ct)
    {
        var rows = new JsonArray();
        await using var reader = await connection.ExecuteReaderAsync(
            $"select {string.Join(", ", table.Fields.Select(f => f.Sql))} from {table.Name} where {table.Where} limit {Most}", values);
        while (await reader.ReadAsync(ct))
        {
            var row = new JsonObject();
            foreach (var (place, field) in table.Fields.Index())
                row[field.Name] = await reader.IsDBNullAsync(place, ct) ? null : field.Tell(reader.GetValue(place), catalogue);
            rows.Add(row);
        }
        return rows;
    }
}
