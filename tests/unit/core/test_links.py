from supervision.core.links import video_url


def test_a_room_stands_where_the_installation_says_and_its_name_stays_one_part_of_the_path() -> (
    None
):
    assert video_url("https://meet.example/{room}", "a-B_9") == "https://meet.example/a-B_9"
    assert (
        video_url("https://v.example/r/{room}?x={y}", "a/b?")
        == "https://v.example/r/a%2Fb%3F?x={y}"
    )
