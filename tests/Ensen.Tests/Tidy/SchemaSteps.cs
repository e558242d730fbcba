using Ensen.Basics;
using Ensen.Sandbox;
using Ensen.Storage;

namespace Ensen.Tests.Tidy;

/// <summary>
/// The steps of each module's schema are numbered 1, 2, … without a gap or a twin, and each file in a folder Schema is one of them.
/// </summary>
public class SchemaSteps
{
    [Fact]
    public void Steps_are_numbered_without_gaps() => Complaints(SandboxModule.Catalogue).ShouldHold();

    [Theory]
    [InlineData("1 3", "2 is missing")]
    [InlineData("2", "1 is missing")]
    [InlineData("1 1", "1 is there twice")]
    public void A_gap_and_a_twin_are_found(string numbers, string about) => Complaints(Planted(numbers)).ShouldComplain(about);

    [Fact]
    public void Numbers_in_their_order_are_fine() => Complaints(Planted("1 2 3")).ShouldHold();

    [Fact]
    public void Each_file_is_a_step_of_its_module()
    {
        var files = SourceTree.Repository.Under("src/", ".sql").Where(f => f.Path.Contains("/Schema/", StringComparison.Ordinal))
            .Select(f => f.Name).Order();
        files.ShouldBe(SandboxModule.Catalogue.All<Schema>().SelectMany(s => s.Steps).SelectMany(Files).Order());
    }

    static IEnumerable<string> Files(SchemaStep step) =>
        step.PostgresSql is null ? [$"{step.Number}-{step.Name}.sql"]
            : [$"{step.Number}-{step.Name}.sql", $"{step.Number}-{step.Name}.postgres.sql"];

    static Catalogue Planted(string numbers) =>
        new([new Module("Planted") { Declares = [new Schema("Planted", [.. numbers.Split(' ')
            .Select(n => new SchemaStep(int.Parse(n, null), "step", ""))])] }]);

    static IEnumerable<string> Complaints(Catalogue catalogue)
    {
        foreach (var schema in catalogue.All<Schema>())
            foreach (var number in Enumerable.Range(1, schema.Steps.Select(s => s.Number).DefaultIfEmpty().Max()))
                if (schema.Steps.Count(s => s.Number == number) is var steps and not 1)
                    yield return steps == 0 ? $"{schema.Name}: {number} is missing" : $"{schema.Name}: {number} is there twice";
    }
}
