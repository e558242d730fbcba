using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Resources;
using Ensen.Wallet;
using Ensen.Web.Api;

namespace Ensen.Tests.Api;

/// <summary>Every refusal that can reach a caller has its code in the contract, and each code its words in both languages.</summary>
public class RefusalNamesTests
{
    public static TheoryData<Type> Refusals => [.. Reaching()];

    [Fact]
    public void The_features_of_the_contract_are_among_those_that_are_looked_at()
    {
        var types = Reaching();
        foreach (var type in (Type[])[typeof(PayRefusal), typeof(MeetRefusal), typeof(ChargeRefusal), typeof(RefundRefusal), typeof(TransferRefusal)])
            types.ShouldContain(type);
    }

    [Theory, MemberData(nameof(Refusals))]
    public void Each_refusal_is_a_code(Type refusals)
    {
        foreach (var name in Enum.GetNames(refusals).Where(n => n != "None"))
            Problem.Codes.ShouldContain(Problem.Code(name), $"{refusals.Name}.{name}");
    }

    [Theory, InlineData(""), InlineData("en")]
    public void Each_code_has_words(string language)
    {
        var words = new ResourceManager(typeof(ApiWords)).GetResourceSet(CultureInfo.GetCultureInfo(language), createIfNotExists: true, tryParents: false).ShouldNotBeNull();
        foreach (var code in Problem.Codes)
            words.GetString(code).ShouldNotBeNullOrWhiteSpace($"{code} in '{language}'");
    }

    [Fact]
    public void A_name_becomes_its_code_word_by_word()
    {
        Problem.Code("InsufficientBalance").ShouldBe("insufficient_balance");
        Problem.Code("Frozen").ShouldBe("frozen");
    }

    /// <summary>The enums that the API hands to <see cref="Problem"/>: the type arguments of its calls of Problem.Of, read from the compiled program.</summary>
    static List<Type> Reaching()
    {
        using var file = new PEReader(File.OpenRead(typeof(Problem).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var found = new List<Type>();
        for (var row = 1; row <= metadata.GetTableRowCount(TableIndex.MethodSpec); row++)
            if (metadata.GetMethodSpecification(MetadataTokens.MethodSpecificationHandle(row)).Method is { Kind: HandleKind.MethodDefinition } called
                && metadata.GetMethodDefinition((MethodDefinitionHandle)called) is var method && metadata.GetString(method.Name) == nameof(Problem.Of)
                && metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name) == nameof(Problem))
                found.Add(((MethodInfo)typeof(Problem).Module.ResolveMethod(MetadataTokens.GetToken(MetadataTokens.MethodSpecificationHandle(row)))!).GetGenericArguments()[0]);
        return [.. found.Distinct().OrderBy(t => t.Name, StringComparer.Ordinal)];
    }
}
