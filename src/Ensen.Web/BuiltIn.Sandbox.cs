using Ensen.Sandbox;

namespace Ensen.Web;

// The only file that names Ensen.Sandbox; a build without the sandbox does not compile it (Ensen.Web.csproj).
static partial class BuiltIn
{
    static partial void NameSandbox(ref ISandbox? sandbox) => sandbox = new Playground();
}
