using System.Runtime.CompilerServices;
using Ensen.Access;

namespace Ensen.Tests.Support;

/// <summary>
/// A hash costs memory and time of a processor on purpose, and the tests of guesses and sign-ins make hundreds of them: inside this
/// process one costs little. The web apps that are started beside it make them as promised, and a test looks at what they
/// store.
/// </summary>
static class CheapHashes
{
    /// <summary>As if they had been made before the cost was raised to what this process takes.</summary>
    internal static readonly HashCost Weaker = new(64, 1);

    static readonly HashCost s_taken = new(64, 2);

    [ModuleInitializer]
    internal static void Take() => PasswordHash.Cost = s_taken;
}
