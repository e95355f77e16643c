using System.Text.RegularExpressions;

namespace Platform.Architecture.Tests;

public sealed partial class Arrows
{
    /// <summary>Room by room: which rooms it may know. Another arrow is a change of design, with its reason in src/DECISIONS.md.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Abstractions"] = [],
        ["Encoders"] = [],
        ["Indexing"] = [],
        ["Client"] = [],
        ["Evaluation"] = [],
        ["Training"] = ["Encoders", "Evaluation", "Indexing"],
        ["Silo"] = ["Abstractions", "Encoders", "Indexing", "Training"],
        ["Gateway"] = ["Abstractions", "Client"],
        ["Cli"] = ["Client", "Encoders", "Evaluation", "Gateway", "Indexing", "Silo", "Training"],   // everything it starts
    };

    private static readonly string[] SeeOrleans = ["Abstractions", "Gateway", "Silo"];
    private static readonly string[] SeeTensors = ["Encoders", "Training"];

    public static TheoryData<string> EveryRoom => [.. Rooms.Names];

    [Fact]
    public void The_rooms_are_those_of_the_design() => Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Rooms.Names);

    [Theory]
    [MemberData(nameof(EveryRoom))]
    public void A_room_refers_only_to_the_rooms_that_the_design_lets_it_know(string room) =>
        Assert.Empty(Rooms.ArrowsOf(room).Except(Allowed[room]));

    [Theory]
    [MemberData(nameof(EveryRoom))]
    public void Only_Abstractions_Silo_and_Gateway_refer_to_Orleans(string room)
    {
        bool refers = Rooms.PackagesOf(room).Any(package => package.Contains("Orleans", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(SeeOrleans.Contains(room), refers);
    }

    [Theory]
    [MemberData(nameof(EveryRoom))]
    public void Only_Encoders_and_Training_refer_to_tensors(string room) => Assert.True(
        SeeTensors.Contains(room)
            || !Rooms.PackagesOf(room).Any(package => package.Contains("torch", StringComparison.OrdinalIgnoreCase)),
        $"Platform.{room} refers to a torch package; only Encoders and Training may.");

    [Fact]
    public void No_file_uses_Orleans_or_tensors_that_reach_its_room_through_another() =>
        Assert.Empty(Rooms.Files(".cs").Where(path =>
        {
            string room = Rooms.Relative(path).Split('/')[1]["Platform.".Length..];
            string text = File.ReadAllText(path);
            return (!SeeOrleans.Contains(room) && UsesOrleans.IsMatch(text)) || (!SeeTensors.Contains(room) && UsesTorch.IsMatch(text));
        }).Select(Rooms.Relative));

    [GeneratedRegex(@"^\s*(global )?using (static )?(\w+ = )?Orleans\b", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex UsesOrleans { get; }

    [GeneratedRegex(@"^\s*(global )?using (static )?(\w+ = )?TorchSharp\b", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex UsesTorch { get; }
}
