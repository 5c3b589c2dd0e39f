using System.Globalization;
using System.Reflection;
using Actors.Engine.Drivers;

namespace Actors.Adversary.Faults;

/// <summary>The names of error numbers.</summary>
internal static class ErrnoNames
{
    private static readonly Dictionary<int, string> Names = typeof(Errno)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral)
        .ToDictionary(field => (int)field.GetRawConstantValue()!, field => field.Name);

    public static string Of(int errno) =>
        Names.GetValueOrDefault(errno, errno.ToString(CultureInfo.InvariantCulture));
}
