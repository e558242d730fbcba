using Shouldly;

namespace Ensen.Tests.Support;

/// <summary>
/// For how soon a thing is heard. On a machine that is busy for a second with other tests a node rightly trusts nobody, or hears late;
/// so one try of five must show it. What never works fails all five.
/// </summary>
static class OneQuietTry
{
    public static async Task Shows(Func<Task> thing)
    {
        for (var tries = 1; ; tries++)
            try
            {
                await thing();
                return;
            }
            catch (ShouldAssertException) when (tries < 5)
            {
                // Once more, on things of its own.
            }
    }
}
