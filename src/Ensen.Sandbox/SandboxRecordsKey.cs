using Ensen.Operations;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>
/// The pair that records of those who leave are sealed to where the sandbox is on. Both halves are kept, for its people are made up: a real
/// installation has the public one alone.
/// </summary>
static class SandboxRecordsKey
{
    const string Name = "sandbox-records-key";

    /// <summary>Reads the pair, and makes it at a database's first start.</summary>
    public static async Task<(string Public, string PrivatePem)> Load(Database db, CancellationToken ct = default)
    {
        var made = RecordsKey.MakePair();
        var text = await db.Transact(async tx =>
        {
            await Setting.WriteFirst(tx, Name, $"{made.Public} {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(made.PrivatePem))}");
            return await Setting.Read(tx.Connection!, Name, tx);
        }, ct);
        var halves = text!.Split(' ');
        return (halves[0], System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(halves[1])));
    }
}
