namespace Ensen.Tests.Tidy;

/// <summary>
/// Whoever composes the product reads the keys of the installation before anybody asks it, as a node does when it starts. Two hundred who
/// asked a town that had not read them held every thread of the pool, and the answer of the database found none: tests beside it stood
/// still for up to two minutes.
/// </summary>
public class KeysRead
{
    /// <summary>One caller after the other, or all of them on one thread.</summary>
    static readonly string[] s_oneAtATime =
    [
        "tests/Ensen.Simulation/Worlds/Node.cs", "tests/Ensen.Tests/Operations/RecoveryCrashTests.cs",
        "tests/Ensen.Tests/Members/NobodyLearnsWhoIsAMember.cs", "tests/Ensen.Tests/Web/Session/Door.cs",
    ];

    [Fact]
    public void Whoever_composes_the_product_reads_its_keys_first() => Complaints(SourceTree.Repository).ShouldHold();

    [Fact]
    public void Who_does_not_is_found() =>
        Complaints(SourceTree.Planted("tests/Ensen.Tests/A.cs", "services.AddEnsen(a, b, c).BuildServiceProvider();")).ShouldComplain("A.cs");

    static IEnumerable<string> Complaints(SourceTree tree) =>
        from folder in new[] { "src/", "tests/", "bench/" }
        from file in tree.Under(folder, ".cs")
        where file.Text.Contains(".AddEnsen(", StringComparison.Ordinal) && file.Path != "tests/Ensen.Tests/Tidy/KeysRead.cs"
            && !file.Text.Contains("builder.AddEnsen()", StringComparison.Ordinal) // The whole program, which begins as it does everywhere.
            && !file.Text.Contains("InstallationKey.Load(", StringComparison.Ordinal) && !s_oneAtATime.Contains(file.Path)
        select $"{file.Path} composes the product and does not read its keys (InstallationKey.Load).";
}
