using Ensen.Sandbox;
using Ensen.Storage;

namespace Ensen.Tests.Support;

/// <summary>One migrated file per run of the tests; each test's database is a copy of it.</summary>
static class SqliteTemplate
{
    static readonly Lazy<Task<byte[]>> s_template = new(Make);

    public static async Task CopyTo(string file) => await File.WriteAllBytesAsync(file, await s_template.Value);

    static async Task<byte[]> Make()
    {
        var folder = Directory.CreateTempSubdirectory("ensen-test-template-").FullName;
        try
        {
            var file = Path.Combine(folder, "template.db");
            await using (var database = Database.Open($"sqlite:{file}", SandboxModule.Catalogue))
                await database.Migrate();
            if (File.Exists($"{file}-wal") && new FileInfo($"{file}-wal").Length > 0)
                throw new InvalidOperationException(
                    "The template still has a write-ahead log: something kept it open after it was closed.");
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
