using System.Runtime.CompilerServices;
using Ensen.Access;

namespace Ensen.Tests.Support;

/// <summary>
/// A hash costs a tenth of a second of a processor on purpose, and the tests of guesses and sign-ins make hundreds of them: inside this
/// process a hash takes a few rounds. The web apps that are started beside it take as many as are promised, and a test looks at what they
/// store.
/// </summary>
static class CheapHashes
{
    public const int Rounds = 1_000;

    [ModuleInitializer]
    internal static void Take() => PasswordHash.Hasher = PasswordHash.With(Rounds);
}
