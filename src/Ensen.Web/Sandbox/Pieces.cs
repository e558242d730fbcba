using Ensen.Ui;
using Ensen.Web.Sandbox.Walk;

namespace Ensen.Web.Sandbox;

/// <summary>What stands in the places that the product's pages leave for the sandbox.</summary>
static class Pieces
{
    public static IReadOnlyDictionary<SandboxPlace, Type> ByPlace { get; } = new Dictionary<SandboxPlace, Type>
    {
        [SandboxPlace.Foot] = typeof(WalkFoot),
        [SandboxPlace.Start] = typeof(Ways),
        [SandboxPlace.UnderShownCode] = typeof(TakeHere),
        [SandboxPlace.UnderAtmNumbers] = typeof(ToAtm),
    };
}
