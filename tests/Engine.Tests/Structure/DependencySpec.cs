using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Actors.Engine.Tests.Structure;

/// <summary>Dependencies point one way: protocol, then actors, then drivers, then memory.</summary>
public sealed partial class DependencySpec
{
    /// <summary>What each folder of the engine may refer to besides itself and the protocol.</summary>
    public static TheoryData<string, string[]> Folders => new()
    {
        { "Memory", [] },
        { "Metrics", [] },
        { "Protocol", ["Memory"] },
        { "Configuration", [] },
        { "Drivers", ["Memory", "Configuration"] },
        { "Scheduling", ["Drivers", "Metrics"] },
        { "Shards", ["Scheduling", "Drivers", "Metrics", "Memory", "Configuration"] },
    };

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_refers_only_to_what_is_below_it(string folder, string[] allowed)
    {
        var forbidden = from file in SourceTree.Below($"src/Engine/{folder}")
                        from reference in file.Matches(EngineReference())
                        let target = EngineReference().Match(reference).Groups[1].Value
                        where target != folder && !allowed.Contains(target)
                        select reference;
        Assert.Empty(forbidden);
    }

    [Theory]
    [InlineData("Drivers")]
    [InlineData("Memory")]
    [InlineData("Scheduling")]
    [InlineData("Metrics")]
    public void Below_the_actors_nobody_knows_akka(string folder)
    {
        Assert.Empty(SourceTree.Below($"src/Engine/{folder}").SelectMany(file => file.Matches(Akka())));
        Assert.Empty(
            from type in typeof(FileEngine).Assembly.GetTypes()
            where type.Namespace?.StartsWith($"Actors.Engine.{folder}", StringComparison.Ordinal) == true
            from reference in ReferencesOf(type)
            where reference.Assembly.GetName().Name!.StartsWith("Akka", StringComparison.Ordinal)
            select $"{type} refers to {reference}");
    }

    [Fact]
    public void Unsafe_code_is_in_drivers_memory_and_the_few_places_that_hand_memory_to_them()
    {
        var places = SourceTree.Below("src")
            .Where(file => file.Matches(Unsafe()).Any())
            .Select(file => file.Path)
            .Where(path => !path.StartsWith("src/Engine/Drivers/", StringComparison.Ordinal)
                && !path.StartsWith("src/Engine/Memory/", StringComparison.Ordinal));
        Assert.Equal(
            [
                "src/Engine/Actors/FileOperation.cs",
                "src/Engine/Actors/ReaderActor.cs",
                "src/Engine/Actors/WriterActor.cs",
                "src/Engine/Hosting/DescriptorLimit.cs",
            ],
            places);
    }

    /// <summary>Memory that operations may touch comes from the pools of <c>Memory</c>, which know who has it. What is rented
    /// elsewhere is used within one call on one thread: text on its way into a buffer, records of a directory.</summary>
    [Fact]
    public void Memory_of_operations_is_lent_by_the_pools_that_know_its_owner() => Assert.Equal(
        [
            "src/Engine/Drivers/Paths/LinuxPathCalls.cs",
            "src/Engine/Drivers/Paths/Trees/TreeWorker.cs",
            "src/Engine/Files/FileWriter.cs",
        ],
        SourceTree.Below("src/Engine").Where(file => file.Matches(SharedPool()).Any()).Select(file => file.Path));

    [Theory]
    [InlineData("src/Engine")]
    [InlineData("tests/Engine.Tests")]
    public void Nobody_sleeps_for_a_time(string folder) =>
        Assert.Empty(SourceTree.Below(folder).SelectMany(file => file.Matches(Sleeping())));

    [Fact]
    public void Folders_say_what_is_in_them() => Assert.DoesNotContain(
        SourceTree.Below("src").Concat(SourceTree.Below("tests")), file => Grab().IsMatch(file.Path));

    /// <summary>The types that a type's members are declared with.</summary>
    private static IEnumerable<Type> ReferencesOf(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var members = type.GetFields(All).Select(field => field.FieldType)
            .Concat(type.GetMethods(All).SelectMany(
                method => method.GetParameters().Select(argument => argument.ParameterType).Append(method.ReturnType)))
            .Concat(type.GetConstructors(All).SelectMany(
                constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType)))
            .Concat(type.GetInterfaces());
        return type.BaseType is { } parent ? members.Append(parent) : members;
    }

    [GeneratedRegex(
        @"\bActors\.Engine\.(Actors|Backpressure|Configuration|Drivers|Hosting|Memory|Metrics|Scheduling|Shards|"
        + @"Streams|Telemetry)\b")]
    private static partial Regex EngineReference();

    [GeneratedRegex(@"\b(?:Array|Memory)Pool\s*<")]
    private static partial Regex SharedPool();

    [GeneratedRegex(@"\bAkka\b")]
    private static partial Regex Akka();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"\b(?:Thread\s*\.\s*Sleep|Task\s*\.\s*Delay)\b")]
    private static partial Regex Sleeping();

    [GeneratedRegex(@"(?:Helpers?|Utils?|Utilities|Common|Misc)(?:/|\.cs$)")]
    private static partial Regex Grab();
}
