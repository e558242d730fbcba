using System.Net;
using System.Net.Http.Json;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Dapper;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Web;

/// <summary>A bank's build has no sandbox: no page to play with, no town, nothing that makes money, and it cannot be turned on.</summary>
[Trait("Takes", "long")]
public sealed class WithoutTheSandboxTests(BanksProduct product) : IClassFixture<BanksProduct>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Nothing_of_the_sandbox_is_in_the_folder()
    {
        var files = Directory.EnumerateFiles(product.Folder, "*", SearchOption.AllDirectories).ToList();
        files.ShouldContain(Path.Combine(product.Folder, "Ensen.Web.dll"));
        files.Where(f => Path.GetFileName(f).Contains("sandbox", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        File.ReadAllText(Path.Combine(product.Folder, "Ensen.Web.deps.json")).ShouldNotContain("Ensen.Sandbox");
        foreach (var name in (string[])["Ensen.dll", "Ensen.Ui.dll", "Ensen.Web.dll"])
        {
            using var program = new PEReader(File.OpenRead(Path.Combine(product.Folder, name)));
            var read = program.GetMetadataReader();
            read.AssemblyReferences.Select(r => read.GetString(read.GetAssemblyReference(r).Name)).ShouldNotContain("Ensen.Sandbox", name);
            read.TypeDefinitions.Select(t => read.GetString(read.GetTypeDefinition(t).Namespace))
                .ShouldNotContain(n => n.StartsWith("Ensen.Sandbox", StringComparison.Ordinal), name);
            read.ManifestResources.Select(r => read.GetString(read.GetManifestResource(r).Name))
                .ShouldNotContain(r => r.Contains("sandbox", StringComparison.OrdinalIgnoreCase), name);
        }
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_start_with_the_sandbox_is_refused_with_a_sentence(string environment)
    {
        await using var empty = await TestDatabase.CreateEmpty(Engine.Sqlite);

        var (exitCode, output) = await product.Command(
            "--urls", "http://127.0.0.1:0", "--database", empty.Address, "--environment", environment, "--Ensen:Sandbox=true");

        exitCode.ShouldBe(2, output);
        output.ShouldContain("Ensen:Sandbox is true; allowed is false, for this program was built without the sandbox.");
    }

    [Theory, BothEngines]
    public async Task It_runs_and_has_neither_pages_nor_endpoints_nor_tables_of_the_sandbox(Engine engine)
    {
        await using var test = await TestDatabase.CreateEmpty(engine);

        // Also as a developer's: there is no sandbox to be on by itself.
        var environment = engine == Engine.Sqlite ? "Development" : "Production";
        await product.While(["--database", test.Address, "--environment", environment], async http =>
        {
            (await http.GetStringAsync("/welcome", Ct)).ShouldContain("href=\"/register\"");
            (await http.GetStringAsync("/welcome", Ct)).ShouldNotContain("/sandbox");
            foreach (var path in (string[])["/sandbox", "/sandbox/scan?text=1", "/api/v1/sandbox/clock"])
                (await http.GetAsync(path, Ct)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            foreach (var path in (string[])["/api/v1/sandbox/members", "/api/v1/sandbox/stores", "/api/v1/sandbox/clock"])
                (await http.PostAsync(path, JsonContent.Create(new { name = "Aoi" }), Ct))
                    .StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            (await http.GetStringAsync("/openapi/v1.json", Ct)).ShouldNotContain("sandbox", Case.Insensitive);
        });

        await using var connection = await test.Database.Connect(Ct);
        (await connection.QueryAsync<string>("select name from migration")).ShouldNotContain(n => n.Contains("sandbox"));
        await Should.ThrowAsync<System.Data.Common.DbException>(connection.ExecuteScalarAsync<long>("select count(*) from sandbox_mail"));
    }
}
