using System.Security.Cryptography;
using System.Text;
using Ensen.Access;

namespace Ensen.Web.Session;

/// <summary>
/// Whoever joins by an invitation's link, as what a device is asked is bound to: nobody is signed in yet, and the link stands for the
/// session.
/// </summary>
static class JoiningCaller
{
    public static Caller Of(string token, Subject subject) =>
        new(new SessionId(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(token)).AsSpan(0, 16))), subject, subject.Id);
}
