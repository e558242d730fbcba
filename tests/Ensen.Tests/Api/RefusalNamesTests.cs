using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Ensen.Wallet;
using Ensen.Web.Edge;
using Ensen.Web.Texts;

namespace Ensen.Tests.Api;

/// <summary>
/// Every refusal that can reach a caller has its code in the contract, and each code its words (<see cref="RefusalTextsTests"/>).
/// </summary>
public class RefusalNamesTests
{
    public static TheoryData<Type> Reached => [.. Reaching()];

    [Fact]
    public void The_features_of_the_contract_are_among_those_that_are_looked_at()
    {
        var types = Reaching();
        foreach (var type in (Type[])[typeof(PayRefusal), typeof(ResolvePayeeRefusal), typeof(ChargeRefusal), typeof(RefundRefusal), typeof(TransferRefusal)])
            types.ShouldContain(type);
    }

    [Theory, MemberData(nameof(Reached))]
    public void Each_refusal_is_a_code(Type refusals)
    {
        foreach (var name in Enum.GetNames(refusals).Where(n => n != "None"))
            Problem.Codes.ShouldContain(Problem.Code(name), $"{refusals.Name}.{name}");
    }

    [Fact]
    public void A_name_becomes_its_code_word_by_word()
    {
        Problem.Code("InsufficientBalance").ShouldBe("insufficient_balance");
        Problem.Code("Frozen").ShouldBe("frozen");
    }

    /// <summary>
    /// The enums that are handed to <see cref="Problem"/> by the API, or to <see cref="Refusals"/> by a page: the type arguments of those
    /// calls, read from the compiled program.
    /// </summary>
    static List<Type> Reaching()
    {
        using var file = new PEReader(File.OpenRead(typeof(Problem).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var found = new List<Type>();
        for (var row = 1; row <= metadata.GetTableRowCount(TableIndex.MethodSpec); row++)
            if (metadata.GetMethodSpecification(MetadataTokens.MethodSpecificationHandle(row))
                .Method is { Kind: HandleKind.MethodDefinition } called
                && metadata.GetMethodDefinition((MethodDefinitionHandle)called) is var method
                    && IsTelling(metadata.GetString(method.Name), DeclaringType(method)))
                found.AddRange(((MethodInfo)typeof(Problem)
                    .Module.ResolveMethod(MetadataTokens.GetToken(MetadataTokens.MethodSpecificationHandle(row)))!)
                    .GetGenericArguments().Where(t => t.IsEnum));
        return [.. found.Distinct().OrderBy(t => t.Name, StringComparer.Ordinal)];

        string DeclaringType(MethodDefinition method) => metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name);
    }

    static bool IsTelling(string method, string type) =>
        (type, method) is (nameof(Problem), nameof(Problem.Of)) or (nameof(Refusals), nameof(Refusals.Of) or nameof(Refusals.AtTill));
}
